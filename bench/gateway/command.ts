import process from 'node:process';
import { parseArgs } from 'node:util';
import { delay } from '../../src/std/abortable.ts';
import { attack } from '../../test/malformed.ts';
import { publish } from '../results.ts';
import { HeapWatch, isFlat } from '../session/heap.ts';
import { figure, table } from '../table.ts';
import { Arena } from './arena.ts';
import type { Counted } from './jobs.ts';

export const gatewayUsage = `  gateway  what the gateway adds to a backend, and what it survives; fails when a request is lost
      --requests N     for the memory (default 50000)
      --malformed N    requests that nobody should send (default 10000)
      --seed N         of those (default 1)
      --out DIR        where the results go (default bench/results)`;

const options = {
	requests: { type: 'string', default: '50000' },
	malformed: { type: 'string', default: '10000' },
	seed: { type: 'string', default: '1' },
	out: { type: 'string', default: 'bench/results' },
} as const;

/** More than a real model gives to all of them together. */
const pace = { firstMs: 40, everyMs: 200, pieces: 10 };
const longestMs = pace.firstMs + pace.everyMs * pace.pieces;
const atOnce = 256;
/** With the same backend and no gateway. */
const bareAtOnce = 32;
const streams = 1000;
const rounds = 4;
const resets = 5000;
const cancels = 20;
const never = new AbortController().signal;

interface Row {
	readonly what: string;
	readonly figure: string;
	readonly limit: string;
	readonly holds: boolean;
	/** Then the bench fails: time depends on the machine, and this does not. */
	readonly isFatal?: boolean;
}

export async function gateway(args: string[]): Promise<void> {
	const { values } = parseArgs({ args, options });
	const rows: Row[] = [];
	await using bench = await Arena.open({ exchanges: 1024, streams: 1024, streamsPerClient: 1024, calls: { most: 1e9, perSecond: 0 } });
	rows.push(...(await storm(bench)));
	for (const version of [1, 2] as const) for (const phase of phases) rows.push(await cancelled(bench, version, phase));
	rows.push(...(await manyResets(bench)));
	rows.push(...(await memory(bench, Number(values.requests))));
	rows.push(...(await malformed(Number(values.malformed), Number(values.seed))));
	rows.push(none('faults in the log', bench.faults), none('answers still under way', bench.model.running));
	const cells = rows.map(({ what, figure, limit, holds }) => [what, figure, limit, limit === '' ? '' : holds ? 'HOLDS' : 'MISS']);
	await publish(values.out, 'gateway', args, { rows }, `${table(['what', 'figure', 'limit', ''], cells)}\n\n${notes}`);
	if (rows.some(({ holds, isFatal }) => isFatal && !holds)) process.exitCode = 1;
}

const notes = `The model takes its time and no processor: ${pace.firstMs} ms to the first piece, then ${pace.pieces} with ${pace.everyMs} ms in between. The clients are in a
thread of their own, a quarter over HTTP/1.1 and the rest over three sessions of HTTP/2. Added: what the first byte takes longer than from a bare
server that has the same backend and no gateway, in the same process, over the same protocols and at the same time (${bareAtOnce} streams at once), in that of ${rounds} rounds in which
the bare server was fastest: whatever else the machine does keeps both waiting.`;

type Phase = 'before the model' | 'prefill' | 'decode' | 'after the last piece';
const phases: readonly Phase[] = ['before the model', 'prefill', 'decode', 'after the last piece'];

async function storm(bench: Arena): Promise<Row[]> {
	const { model } = bench;
	model.pace = { firstMs: 0, everyMs: 0, pieces: 5 };
	await bench.do({ kind: 'hammer', requests: 2000, atOnce: 32 });
	model.pace = pace;
	const all: Counted[] = [];
	for (let round = 0; round < rounds; round++) all.push(await bench.do({ kind: 'storm', streams, atOnce, longestMs, bareAtOnce }));
	// Whatever else the machine does keeps the bare server waiting, too.
	const [quietest] = all.toSorted((a, b) => percentile(a.bareFirstMs, 0.95) - percentile(b.bareFirstMs, 0.95));
	const added = (share: number) => percentile(quietest?.firstMs ?? [], share) - percentile(quietest?.bareFirstMs ?? [], share);
	const bare = percentile(quietest?.bareFirstMs ?? [], 0.95);
	const sum = (of: (counted: Counted) => number) => all.reduce((total, counted) => total + of(counted), 0);
	return [
		known(`${rounds * streams} streams, ${atOnce} at once: answered`, figure(sum(({ answered }) => answered))),
		known('… cancelled', figure(sum(({ cancelled }) => cancelled))),
		none(
			'… lost',
			sum(({ lost, refused }) => lost + refused),
		),
		none(
			'… GOAWAY',
			sum(({ goaways }) => goaways),
		),
		atMost('… added to the first byte, p95, ms', added(0.95), 5),
		known('… added to the first byte, p50, ms', figure(added(0.5), 1)),
		known('… the first byte without the gateway, p95, ms', figure(bare, 1)),
	];
}

/** From when a client cancels to when the model hears of it. */
async function cancelled(bench: Arena, version: 1 | 2, phase: Phase): Promise<Row> {
	const { model } = bench;
	const late: number[] = [];
	let lost = 0;
	for (let index = 0; index < cancels; index++) {
		let abortedAt: number | undefined;
		let isSaid = false;
		const say = () => {
			if (!isSaid) bench.say('now');
			isSaid = true;
		};
		model.pace = { firstMs: phase === 'prefill' ? 5000 : 1, everyMs: 1, pieces: phase === 'decode' ? 5000 : 3 };
		model.onAborted = () => {
			abortedAt ??= performance.timeOrigin + performance.now();
			// What is asked next is answered at once.
			model.pace = { firstMs: 0, everyMs: 0, pieces: 5 };
		};
		model.onAsked = () => phase === 'prefill' && say();
		model.onPiece = (piece) => phase === 'decode' && piece === 20 && say();
		if (phase === 'after the last piece') model.onEnd = () => setTimeout(say, 20);
		if (phase === 'before the model') model.onFacts = () => delay(20, never);
		const at = await bench.do<number>({ kind: 'cancel', version, isEarly: phase === 'before the model' });
		if (Number.isNaN(at)) lost++;
		model.reset();
		if (abortedAt !== undefined) late.push(abortedAt - at);
		else if (phase === 'prefill' || phase === 'decode') lost++;
	}
	const what = `cancelled over HTTP/${version}, ${phase}`;
	if (phase === 'prefill' || phase === 'decode') {
		return {
			...atMost(`${what}: ms until the model stops, most`, Math.max(...late), 50),
			isFatal: lost > 0,
			holds: lost === 0 && Math.max(...late) <= 50,
		};
	}
	return none(`${what}: lost`, lost);
}

async function manyResets(bench: Arena): Promise<Row[]> {
	bench.model.pace = { firstMs: 1, everyMs: 1, pieces: 5 };
	const { lost, sessions, killed, answered } = await bench.do<Counted & { sessions: number; killed: number }>({
		kind: 'resets',
		count: resets,
	});
	return [
		none(`${resets} resets over HTTP/2, and ${answered} calls answered in between: lost`, lost),
		none('… sessions that were ended by force', killed),
		known('… sessions, one after another', figure(sessions)),
	];
}

async function memory(bench: Arena, requests: number): Promise<Row[]> {
	bench.model.pace = { firstMs: 0, everyMs: 0, pieces: 5 };
	await bench.do({ kind: 'hammer', requests: 1000, atOnce: 32 });
	const heap = new HeapWatch(requests);
	const first = bench.model.asked;
	bench.model.onAsked = (asked) => heap.passed(asked - first);
	const startedAt = performance.now();
	const { lost } = await bench.do({ kind: 'hammer', requests, atOnce: 32 });
	const seconds = (performance.now() - startedAt) / 1000;
	const { start, quarters, end } = heap.use;
	const sizes = [start, ...quarters, end].map((size) => size.toFixed(1)).join(' ');
	return [
		none(`${requests} requests: lost`, lost),
		{ what: '… heap, MB: start, quarters, end', figure: sizes, limit: 'flat', holds: isFlat(heap.use), isFatal: true },
		known('… each second', figure(requests / seconds)),
	];
}

async function malformed(count: number, seed: number): Promise<Row[]> {
	const quick = { headersMs: 200, bodyMs: 200, idleMs: 200, stallMs: 200 };
	await using bench = await Arena.open({ ...quick, calls: { most: 1e9, perSecond: 0 } });
	const { bad, answers } = await attack(bench.target, count, seed);
	for (const one of bad.slice(0, 5)) console.error(one);
	const told = Object.entries(answers).map(([status, times]) => `${status}: ${times}`);
	return [none(`${count} malformed requests: hangs, faults, stacks`, bad.length + bench.faults), known('… answers', told.join(', '))];
}

/** Something that has no limit. */
function known(what: string, figure: string): Row {
	return { what, figure, limit: '', holds: true };
}

function none(what: string, count: number): Row {
	return { what, figure: figure(count), limit: '0', holds: count === 0, isFatal: true };
}

function atMost(what: string, ms: number, most: number): Row {
	return { what, figure: figure(ms, 1), limit: `≤ ${most}`, holds: ms <= most };
}

function percentile(values: readonly number[], share: number): number {
	return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}
