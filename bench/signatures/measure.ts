import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import type { TrackingReport } from '../../src/tracking/wire.ts';
import { WorkerSignatures } from '../../src/tracking/worker-signatures.ts';
import { declared } from './corpus.ts';

/** In milliseconds. */
export interface SignatureFigures {
	/** What a keystroke costs whoever is told of it: the text is parsed and compared elsewhere. */
	readonly keystrokeMs: number;
	/** From when somebody rests until the first number of callers, and until all of them are planned. */
	readonly firstMs: number;
	readonly allMs: number;
	/** Of the processor, for all of it: what it would be on a machine that does nothing else. */
	readonly allCpuMs: number;
	/** The same again, with the texts in memory. */
	readonly againMs: number;
	/** The longest that the thread of the editor's extensions did nothing else. */
	readonly blockedMs: number;
	readonly dependents: number;
	readonly reports: number;
}

const typed = ', rate: number';
/** In milliseconds: a quick typist, and how exact the clock of the event loop is. */
const pace = 60;
const resolution = 1;

/** Types a parameter into a declaration, as an editor tells it, and waits for the plan; then types another. */
export async function measure(root: string): Promise<SignatureFigures> {
	const session = new Session(root);
	const path = join(root, declared.path);
	session.worker.start();
	session.worker.tell({ kind: 'open', path, languageId: 'typescript', text: declared.before + declared.after });
	await delay(1000);
	const loop = monitorEventLoopDelay({ resolution });
	loop.enable();
	const first = await session.change(path, declared.before.length, typed);
	const again = await session.change(path, declared.before.length + typed.length, typed.replace('rate', 'region'));
	loop.disable();
	await session.worker.close();
	return {
		keystrokeMs: percentile(session.keystrokes, 0.95),
		firstMs: first.firstMs,
		allMs: first.allMs,
		allCpuMs: first.allCpuMs,
		againMs: again.allMs,
		blockedMs: loop.max / 1e6,
		dependents: again.dependents,
		reports: session.reports,
	};
}

class Session {
	readonly worker: WorkerSignatures;
	readonly keystrokes: number[] = [];
	reports = 0;
	#onPlan: (report: Extract<TrackingReport, { kind: 'plan' }>) => void = () => {};

	constructor(root: string) {
		this.worker = new WorkerSignatures({
			script: resolve('out', 'bench', 'signature-worker.cjs'),
			grammars: resolve('out', 'bench', 'grammars'),
			onReport: (report) => {
				this.reports++;
				if (report.kind === 'plan') this.#onPlan(report);
				else if (report.kind === 'fault') throw new Error(report.message);
			},
			onStart: () => this.worker.tell({ kind: 'folders', folders: [{ root, exclude: [] }] }),
		});
	}

	async change(path: string, at: number, text: string) {
		for (const [index, key] of [...text].entries()) {
			const started = performance.now();
			this.worker.tell({ kind: 'edit', path, edits: [{ start: at + index, end: at + index, newText: key }], origin: 'typed' });
			this.keystrokes.push(performance.now() - started);
			await delay(pace);
		}
		const rested = performance.now();
		const cpu = process.cpuUsage();
		let firstMs: number | undefined;
		const dependents = new Promise<number>((done) => {
			this.#onPlan = ({ changes, isPartial }) => {
				const count = changes.flatMap(({ dependents }) => dependents).length;
				if (count > 0) firstMs ??= performance.now() - rested;
				if (!isPartial && count > 0) done(count);
			};
		});
		this.worker.tell({ kind: 'rest', path, caret: 0 });
		const count = await dependents;
		const { user, system } = process.cpuUsage(cpu);
		const allMs = performance.now() - rested;
		return { dependents: count, allMs, allCpuMs: (user + system) / 1000, firstMs: firstMs ?? Number.NaN };
	}
}

function percentile(values: readonly number[], share: number): number {
	return values.toSorted((left, right) => left - right)[Math.floor(share * values.length)] ?? Number.NaN;
}
