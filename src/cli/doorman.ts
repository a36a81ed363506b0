import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { createInterface, type Interface } from 'node:readline';
import type { Decision, Device } from '../gateway/access/pairing.ts';
import type { Streams } from './streams.ts';

/** Lets a device in by its code, or refuses it. */
export type Decide = (code: string, isAllowed: boolean) => Decision;

const said: Readonly<Record<Decision, string>> = {
	done: 'It is let in. “co-clone token --list” has its key, to take it back.',
	unknown: 'No device shows this code.',
	locked: 'Too many wrong codes. Wait ten minutes, and let the device begin again.',
};

/**
 * Asks at the terminal whether a device is let in. The code has to be typed, because who only says yes does not look whether it is the code
 * that their own device shows.
 */
export class Doorman implements Disposable {
	readonly #streams: Streams;
	#lines: Interface | undefined;
	#last: { readonly device: Device; readonly decide: Decide } | undefined;

	constructor(streams: Streams) {
		this.#streams = streams;
	}

	ask(device: Device, decide: Decide): void {
		this.#last = { device, decide };
		const { output, input } = this.#streams;
		const canType = isAtTerminal(input);
		const here = canType ? 'Type the code that it shows to let it in, or “no”; from' : 'To let it in, from';
		output.write(`\n“${device.name}” wants to use this gateway. ${here} any terminal: co-clone token --approve CODE.\n`);
		if (canType && !this.#lines) this.#listen();
	}

	[Symbol.dispose](): void {
		this.#lines?.close();
	}

	/** Only from now on, and only until it is decided: a program in the background that reads is stopped by the terminal. */
	#listen(): void {
		this.#lines = createInterface({ input: this.#streams.input, terminal: false });
		this.#lines.on('line', (line) => this.#hear(line.trim()));
		this.#lines.once('close', () => {
			this.#lines = undefined;
		});
	}

	#hear(line: string): void {
		if (!this.#last || line === '') return;
		const { device, decide } = this.#last;
		const isNo = /^no?$/i.test(line);
		const decision = decide(isNo ? device.code : line, !isNo);
		this.#streams.output.write(`${isNo && decision === 'done' ? 'It is not let in.' : said[decision]}\n`);
		if (decision !== 'unknown') this.#lines?.close();
	}
}

/** Whether somebody can type here, or a program does. */
function isAtTerminal(input: NodeJS.ReadableStream): boolean {
	if (!('isTTY' in input && input.isTTY) || process.platform === 'win32') return input.readable;
	try {
		return execFileSync('ps', ['-o', 'stat=', '-p', String(process.pid)], { encoding: 'utf8' }).includes('+');
	} catch {
		return false;
	}
}
