import assert from 'node:assert/strict';
import { Meter } from '../../bench/replay/meter.ts';
import { judge } from '../../bench/replay/targets.ts';
import { Witness } from '../../bench/replay/witness.ts';
import { foresee } from '../../bench/server/foresight.ts';
import { Oracle } from '../../bench/server/oracle.ts';
import type { Served } from '../../bench/server/server.ts';
import { slice } from '../../bench/traces/slice.ts';
import type { TraceEvent } from '../../bench/traces/trace.ts';
import { fimTemplate } from '../../src/model/fim.ts';
import type { LanguageModel } from '../../src/model/language-model.ts';

const never = new AbortController().signal;

describe('the figures of a session', () => {
	const request = (figures: Partial<Served>): Served => ({
		isWarmUp: false,
		promptTokens: 100,
		evaluated: 10,
		decoded: 5,
		end: 'finished',
		...figures,
	});

	it('come from what the server did and what was seen', () => {
		let now = 0;
		const meter = new Meter(
			() => now,
			() => true,
		);
		const key = (at: number, visible?: string) => {
			now = at;
			meter.next();
			meter.key(visible);
		};
		key(0);
		now = 80;
		meter.shown('abc', undefined, { text: 'abc', replaces: 0 });
		key(200, 'bc');
		key(300);
		key(400);
		now = 2400;
		meter.shown('d', undefined, { text: 'd', replaces: 0 });
		meter.next();
		const figures = meter.figures([
			request({}),
			request({ end: 'left', evaluated: 30 }),
			request({ isWarmUp: true, evaluated: 60, decoded: 1 }),
			request({ end: 'left in queue', evaluated: 0, decoded: 0 }),
		]);
		assert.deepEqual(figures, {
			keys: 4,
			keyToGhost: { p50: 2000, p75: 2000, p95: 2000 },
			restToGhost: { p50: 2000, p75: 2000, p95: 2000 },
			served: 75,
			servedFresh: 50,
			servedRests: 100,
			shown: 2,
			requests: 75,
			warmUps: 25,
			aborted: 200 / 3,
			evaluated: 2500,
			warmUpTokens: 1500,
			kvHit: (100 * 200) / 300,
			uncached: 100 / 3,
			decodedPerShown: 5.5,
			failed: 0,
			open: 0,
			flicker: 0,
			stale: 0,
		});
	});

	it('are held against the best peer of the same session', () => {
		const meter = new Meter(
			() => 0,
			() => true,
		);
		meter.key('x');
		const row = (policy: string, p50: number, served: number) => ({
			...meter.figures([]),
			keyToGhost: { p50, p75: p50, p95: p50 },
			served,
			policy,
			profile: 'desktop',
			trace: 'rust',
		});
		const verdicts = judge([
			row('Co-Clone', 60, 40),
			row('Slow', 200, 30),
			row('Quick', 100, 10),
			{ ...row('Elsewhere', 1, 99), trace: 'svelte' },
		]);
		const found = verdicts
			.filter(({ target }) => /key→ghost|served/.test(target))
			.map(({ value, limit, isMet }) => `${value?.toFixed(2)} ${limit} ${isMet}`);
		assert.deepEqual(found, ['0.60 ≤ 0.65 true', '0.60 ≤ 0.5 false', '1.33 ≥ 1.8 false']);
	});
});

describe('the witness', () => {
	const template = fimTemplate({ name: 'deepseek-coder', canInsert: false });
	assert.ok(template);

	/** `return |` and `a + b;`: where the model was asked and what it said; then where it is shown. */
	const table: readonly [asked: string, said: string, at: string, shown: string, replaces: number, fits: boolean][] = [
		['return |', 'a + b;', 'return |', 'a + b;', 0, true],
		['return |', 'a + b;', 'return a|', ' + b;', 0, true],
		['return|', ' a + b;', 'return |', 'a + b;', 0, true],
		['return |', 'a + b;', 'return b|', 'a + b;', 0, false],
		['return |', 'a + b;', 'return |', 'b + a;', 0, false],
		['call(|)', 'a, b)', 'call(|)', 'a, b)', 1, true],
		['call(|)', 'a, b)', 'call(|, x)', 'a, b)', 2, true],
		['call(|)', 'a, b)', 'call(| + x)', 'a, b)', 4, false],
		['if (a) {|\n}', '\n\tb();', 'if (a) {|\n}', '\n\tb();', 0, true],
		['if (a) {|\n}', '\n\tb();', 'if (b) {|\n}', '\n\tb();', 0, false],
		['if (a) {\n|\n}', '\t\tb();', 'if (a) {\n|\n}', '    b();', 0, true],
		['foo|', 'foobar();', 'foo|', 'bar();', 0, true],
		['foo|', 'foobar();', 'foob|', 'ar();', 0, true],
		['export |', 'function export() {}', 'export |', 'function export() {}', 0, true],
		['f() {|}', '\n\ta();\n\tb.', 'f() {|}', '\n\ta();\n}', 1, true],
		['x|', '', 'const a = f(x);\nconst a|', ' = f(x);', 0, true],
		['x|', '', 'const a = f(x);\nconst a|', ' = g(x);', 0, false],
	];
	for (const [asked, said, at, shown, replaces, fits] of table) {
		it(JSON.stringify([asked, said]) + (fits ? ' fits ' : ' does not fit ') + JSON.stringify([at, shown]), async () => {
			const witness = new Witness();
			const model: LanguageModel = {
				facts: () => Promise.reject(new Error('Nobody asks.')),
				generate: async function* () {
					yield* said;
				},
			};
			const [before = '', after = ''] = asked.split('|');
			const { prompt } = template.render(before, after, '');
			for await (const _ of witness.listenTo(model, template).generate({ prompt, maxTokens: 9, stop: [] }, never));
			const cursor = at.indexOf('|');
			witness.placed(at.replace('|', ''), cursor);
			assert.equal(witness.fits({ text: shown, replaces }), fits);
		});
	}
});

describe('what the simulated model knows', () => {
	const path = '/a.ts';
	const typed = (text: string, offset: number, at: number): TraceEvent => ({
		kind: 'edit',
		at,
		path,
		changes: [{ offset, removed: 0, text }],
		cursor: offset + text.length,
	});
	const erased = (offset: number, at: number): TraceEvent => ({
		kind: 'edit',
		at,
		path,
		changes: [{ offset, removed: 1, text: '' }],
		cursor: offset,
	});
	const all = { knows: 1.1, silent: 1, seed: '1' };

	/** The first line of what it says after each event, at the cursor or for a prompt that ends some characters before it. */
	function answers(start: string, events: readonly TraceEvent[], before = 0): string[] {
		return wholeAnswers(start, events, all, before).map((answer) => answer.split('\n')[0] ?? '');
	}

	function wholeAnswers(start: string, events: readonly TraceEvent[], foresight = all, before = 0): string[] {
		const opened: TraceEvent[] = [
			{ kind: 'open', at: 0, path, text: start },
			{ kind: 'show', at: 0, path },
		];
		const stays = foresee({ name: '', events: [...opened, ...events] });
		const oracle = new Oracle(foresight);
		let text = start;
		return events.map((event, i) => {
			if (event.kind === 'edit')
				for (const { offset, removed, text: inserted } of event.changes)
					text = text.slice(0, offset) + inserted + text.slice(offset + removed);
			const stay = stays[i + 2];
			const cursor = event.kind === 'edit' ? event.cursor : event.kind === 'move' ? event.active : 0;
			assert.ok(stay);
			return oracle.answer({ text, offset: cursor - before, cursor, stay }, 100);
		});
	}

	it('is the rest of what is going to be typed at the place', () => {
		assert.deepEqual(answers('\nx\n', [typed('a', 0, 1), typed(' ', 1, 2), typed('b', 2, 3)]), [' b', 'b', '']);
	});
	it('goes on with what stands on the same line', () => {
		assert.deepEqual(answers(' = 1;\n', [typed('a', 0, 1), typed('b', 1, 2), typed('c', 2, 3)]), ['bc = 1;', 'c = 1;', '']);
	});
	it('goes on with that also from before the cursor, where what was typed is not in the prompt', () => {
		assert.deepEqual(answers(' = 1;\n', [typed('a', 0, 1), typed('b', 1, 2), typed('c', 2, 3)], 1), ['abc = 1;', 'bc = 1;', 'c = 1;']);
	});
	it('is not what is typed elsewhere afterwards', () => {
		const elsewhere: TraceEvent = { kind: 'move', at: 2, path, anchor: 40, active: 40 };
		assert.deepEqual(answers(`${'x'.repeat(50)}\n`, [typed('a', 0, 1), elsewhere, typed('b', 40, 3)])[0], '');
	});
	it('is nothing right where something is about to be taken back', () => {
		const [first] = answers('', [typed('a', 0, 1), typed('x', 1, 2), erased(1, 3), typed('b', 1, 4)]);
		assert.equal(first, 'b');
		const [, second] = answers('', [typed('a', 0, 1), typed('x', 1, 2), erased(1, 3), typed('b', 1, 4)]);
		assert.notEqual(second, 'b');
	});
	it('goes on after that, as models do', () => {
		const [first = ''] = wholeAnswers('\nx\n', [typed('a', 0, 1), typed('b', 1, 2)]);
		assert.match(first, /^b\n(\n?\w[\w ]*;){3,}/);
	});
	it('is the same from one key to the next, right or wrong', () => {
		const line = 'const total = first + second + third;';
		const events = [...line].map((letter, i) => typed(letter, i, i));
		const said = wholeAnswers('', events, { knows: 0.5, silent: 1, seed: '3' });
		const next = said.slice(0, -1).filter((answer, i) => answer[0] === line[i + 1] && said[i + 1]?.startsWith(answer.slice(1, 60)));
		assert.ok(next.length > line.length / 3, `${next.length} of ${line.length}`);
	});

	it('a part of a trace begins with the text that its keys find', () => {
		const events: TraceEvent[] = [
			{ kind: 'open', at: 0, path, text: '' },
			{ kind: 'show', at: 0, path },
			...[...'abcdef'].map((letter, i) => typed(letter, i, 1000 * i)),
		];
		const { events: part } = slice({ name: '', events }, { keys: 2, longestPause: 300 });
		assert.deepEqual(part.slice(0, 3), [
			{ kind: 'open', at: 0, path, text: 'abc' },
			{ kind: 'show', at: 0, path },
			{ kind: 'move', at: 0, path, anchor: 3, active: 3 },
		]);
		assert.deepEqual(
			part.slice(3).map((event) => ({ at: event.at, text: event.kind === 'edit' ? event.changes[0]?.text : undefined })),
			[
				{ at: 0, text: 'd' },
				{ at: 300, text: 'e' },
			],
		);
	});
});
