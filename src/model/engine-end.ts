import { ModelError } from './model-error.ts';

/** How a process ended, and what it wrote last. */
export interface ProcessEnd {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly said: string;
}

/** An engine that will end again each time it is started on this machine. */
export class HopelessEngine extends ModelError {}

/** What Windows ends a process with that met an instruction which the processor does not have, or that got no memory. */
const windows = { illegalInstruction: 0xc000001d, noMemory: 0xc0000017 };

const saysNoMemory = /bad_alloc|cannot allocate memory|out of memory/i;

/** @param when what it was at when it ended */
export function explainEnd({ code, signal, said }: ProcessEnd, when: 'starting' | 'loading' | 'working'): ModelError {
	const how = signal ?? `code ${code}`;
	if (signal === 'SIGILL' || code === windows.illegalInstruction) {
		const why = `the processor lacks an instruction that it needs (${how})`;
		return new HopelessEngine('unreachable', `The embedded engine cannot run on this machine: ${why}.`);
	}
	// Linux kills the process that takes most of the memory when it runs out, and tells nobody.
	if (saysNoMemory.test(said) || code === windows.noMemory || (when === 'loading' && signal === 'SIGKILL')) {
		return new ModelError('no-memory', `The memory ran out, and the embedded engine ended (${how}).`);
	}
	return when === 'starting'
		? new ModelError('unreachable', `The embedded engine ended while starting (${lastLine(said) || how}).`)
		: new ModelError('unreachable', `The embedded engine ended unexpectedly (${how}).`);
}

/** Of what is said, not of where in a program. */
function lastLine(text: string): string {
	const lines = text.split('\n').filter((line) => line.trim() && !/^\s*(\d+: 0x|at )/.test(line));
	return lines.at(-1)?.trim().slice(0, 300) ?? '';
}
