import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { readTraces } from '../../bench/replay/traces.ts';
import { Witness } from '../../bench/replay/witness.ts';
import { foresee } from '../../bench/server/foresight.ts';
import { foresight, Oracle } from '../../bench/server/oracle.ts';
import { Places } from '../../bench/server/places.ts';
import { template } from '../../bench/server/simulated-model.ts';
import type { Edit, Trace, TraceEvent } from '../../bench/traces/trace.ts';
import type { FakeOllama } from '../fake-ollama.ts';
import { launchBrowser } from './browser.ts';
import { Playground } from './playground-page.ts';
import { type Seen, Typing } from './typing.ts';

/** Keys of the trace. All of them (`E2E_KEYS=Infinity`) take three minutes. */
const keys = Number(process.env['E2E_KEYS'] ?? 300);
const data = process.env['E2E_DATA'] ?? '../shared/data';
/** The typing goes so many times as fast as it was recorded, and so does the model. */
const haste = 12;
const script = { prefill: 120 / haste, step: 25 / haste };
/** Whoever pauses so long, in milliseconds, waits for what was asked for, and longer pauses are made that long. */
const pause = 300;
const longestPause = 1200;

/** Until it is seen that a connection was closed, while everything runs in one process. */
const promptly = 100;

/** Where there is no recording somebody types a function, now fast and now slowly, and takes back every seventh key. */
const unrecorded: Trace = { name: 'unrecorded', events: unrecordedEvents() };

describe('the playground, with recorded typing', () => {
	let browser: Browser;
	before(async () => {
		browser = await launchBrowser();
	});
	after(() => browser.close());

	it('never shows what is not for what stands there, in a recorded session', async () => {
		const [trace = unrecorded] = await readTraces(['typescript'], data, { keys, longestPause: Number.POSITIVE_INFINITY });
		const stays = foresee(trace);
		const oracle = new Oracle({ ...foresight, seed: '1' });
		const places = new Places();
		const witness = new Witness();
		const tokens = (prompt: string, body: Record<string, unknown>) => pieces(places.answer(prompt, '', mostTokens(body), oracle));
		const around = (model: Parameters<Witness['listenTo']>[0]) => witness.listenTo(model, template);
		await using playground = await Playground.open(browser, { script: { ...script, tokens }, model: 'deepseek-coder:1.3b-base', around });
		const { fake, page, problems } = playground;
		const typing = await Typing.in(page);
		const stale: Seen[] = [];
		let frames = 0;
		const judge = async () => {
			for (const seen of await typing.seen()) {
				const { before, after, ghost, replaces, isAtCursor } = seen;
				witness.placed(before + after, before.length);
				frames++;
				if (!isAtCursor || !witness.fits({ text: ghost, replaces })) stale.push(seen);
			}
		};
		for (const [index, event] of trace.events.entries()) {
			await act(typing, event);
			const stay = stays[index];
			if (stay && event.path === typing.path) places.push(typing.textOf(event.path), typing.cursor, stay);
			const ms = (trace.events[index + 1]?.at ?? event.at) - event.at;
			await delay(Math.min(ms, pause) / haste);
			if (ms < pause) continue;
			const until = performance.now() + Math.min(ms, longestPause) / haste;
			while (!(await typing.shows()) && isBusy(fake) && performance.now() < until) await delay(5);
			await judge();
		}
		await page.getByRole('button', { name: 'New' }).focus();
		for (let turns = 0; isBusy(fake) && turns < 200; turns++) await delay(10);
		await judge();
		const { generated } = fake;
		const open = generated.filter(({ isFinished, closedAt }) => !isFinished && closedAt === undefined);
		const stopped = generated.filter(({ closedAt }) => closedAt !== undefined).length;
		const edits = trace.events.filter(({ kind }) => kind === 'edit').length;
		console.log(
			`      ${trace.name}: ${edits} edits, ${generated.length} asked, ${stopped} stopped, ${frames} frames with ghost text, ${stale.length} stale`,
		);
		assert.ok(frames > edits / 20, 'hardly anything was shown');
		assert.deepEqual(stale, []);
		assert.deepEqual(problems, []);
		assert.deepEqual(open, []);
		// The next question may come in before it is seen that the socket of the one before it is closed.
		const overlaps = generated.map(
			({ closedAt }, index) => (closedAt ?? 0) - (generated[index + 1]?.startedAt ?? Number.POSITIVE_INFINITY),
		);
		assert.ok(Math.max(...overlaps) < promptly, `${Math.max(...overlaps)} ms`);
	}).timeout(900_000);
});

async function act(typing: Typing, event: TraceEvent): Promise<void> {
	if (event.kind === 'open') await typing.open(event.path, event.text);
	else if (event.kind === 'show') await typing.show(event.path);
	else if (event.kind === 'edit') await typing.edit(event);
	else if (event.path === typing.path) await typing.move(event.active);
}

function isBusy({ generated }: Pick<FakeOllama, 'generated'>): boolean {
	const last = generated.at(-1);
	return last !== undefined && !last.isFinished && last.closedAt === undefined;
}

function mostTokens({ options }: Record<string, unknown>): number {
	const most = typeof options === 'object' && options !== null && 'num_predict' in options ? options.num_predict : undefined;
	return typeof most === 'number' ? most : 100;
}

function pieces(text: string): readonly string[] {
	return text.match(/\s*(?:[\p{L}\p{N}_$]+|[^\p{L}\p{N}_$\s]{1,3})|\s+$/gu) ?? [];
}

function unrecordedEvents(): TraceEvent[] {
	const path = '/src/area.ts';
	const text = 'export function area(width: number, height: number): number {\n\tconst both = width * height;\n\treturn both;\n}\n'.repeat(
		2,
	);
	const events: TraceEvent[] = [
		{ kind: 'open', at: 0, path, text: '' },
		{ kind: 'show', at: 0, path },
	];
	let at = 100;
	const edit = (changes: Edit['changes'], cursor: number) => events.push({ kind: 'edit', at, path, changes, cursor });
	for (const [index, key] of [...text].entries()) {
		at += index % 7 === 0 ? 600 : 90;
		edit([{ offset: index, removed: 0, text: key }], index + 1);
		if (index % 7 !== 6) continue;
		at += 90;
		edit([{ offset: index, removed: 1, text: '' }], index);
		at += 300;
		edit([{ offset: index, removed: 0, text: key }], index + 1);
	}
	return events;
}
