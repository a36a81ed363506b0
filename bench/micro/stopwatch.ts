import process from 'node:process';

/** In microseconds. */
export interface Timing {
	readonly name: string;
	readonly p50: number;
	readonly p95: number;
	readonly most?: number | undefined;
}

const warmUps = 300;
const samples = 3000;

/** Times a piece of work again and again; `prepare` makes what each turn needs, outside of the time that is taken. */
export function time<T>(name: string, prepare: (turn: number) => T, work: (input: T) => unknown, most?: number): Timing {
	const taken: number[] = [];
	for (let turn = 0; turn < warmUps + samples; turn++) {
		const input = prepare(turn);
		const started = process.hrtime.bigint();
		work(input);
		const ended = process.hrtime.bigint();
		if (turn >= warmUps) taken.push(Number(ended - started) / 1000);
	}
	return { name, ...percentiles(taken), most };
}

/** The same of work that is done when its promise settles. */
export async function timeAsync<T>(
	name: string,
	prepare: (turn: number) => T,
	work: (input: T) => Promise<unknown>,
	most?: number,
): Promise<Timing> {
	const taken: number[] = [];
	for (let turn = 0; turn < warmUps + samples; turn++) {
		const input = prepare(turn);
		const started = process.hrtime.bigint();
		await work(input);
		const ended = process.hrtime.bigint();
		if (turn >= warmUps) taken.push(Number(ended - started) / 1000);
	}
	return { name, ...percentiles(taken), most };
}

function percentiles(values: readonly number[]): { p50: number; p95: number } {
	const sorted = values.toSorted((a, b) => a - b);
	const at = (share: number) => sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
	return { p50: at(0.5), p95: at(0.95) };
}
