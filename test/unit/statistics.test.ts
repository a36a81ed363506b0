import assert from 'node:assert/strict';
import { CompletionEngine } from '../../src/completion/complete.ts';
import type { Outcome } from '../../src/completion/completion.ts';
import { figuresOf, measuredSpeed } from '../../src/completion/figures.ts';
import { everything } from '../../src/completion/gate.ts';
import { durationOf, type Histogram, joinedHistogram, octaves, percentile } from '../../src/completion/histogram.ts';
import { type ModelUse, observed } from '../../src/completion/observed-model.ts';
import { afterChange, type Change, holds, insertedSpan } from '../../src/completion/span.ts';
import {
	counted,
	dayOf,
	daysUpTo,
	noStatistics,
	readStatistics,
	type Statistics,
	together,
	total,
} from '../../src/completion/statistics.ts';
import { emptyTally, isAnswered, ofAcceptance, ofLaterLook, ofOutcome, ofUse, type Tally, zeros } from '../../src/completion/tally.ts';
import { ModelError } from '../../src/model/model-error.ts';
import { page, sections } from '../../src/vscode/statistics-page.ts';
import { durationText, shareText } from '../../src/vscode/statistics-text.ts';
import { modelUse } from '../model-use.ts';
import { at } from '../picture.ts';
import { ScriptedModel } from '../scripted-model.ts';

const never = new AbortController().signal;
const day = '2025-03-01';
const here = { day, languageId: 'typescript', model: 'm' };

describe('histogram', () => {
	const histogramOf = (all: readonly number[]) => all.map(durationOf).reduce(joinedHistogram, []);

	it('knows percentiles to a tenth, whatever the spread', () => {
		let seed = 1;
		const random = () => {
			seed = (seed * 16807) % 2147483647;
			return seed / 2147483647;
		};
		const spreads: [name: string, next: () => number][] = [
			['even', () => 5 + random() * 500],
			['two humps', () => (random() < 0.6 ? 50 + random() * 20 : 600 + random() * 400)],
			['long tail', () => 20 * Math.exp(2 * (random() + random() + random() - 1.5))],
		];
		for (const [name, next] of spreads) {
			const all = Array.from({ length: 2000 }, next);
			const sorted = all.toSorted((a, b) => a - b);
			for (const share of [0.5, 0.95]) {
				const exact = sorted[share * sorted.length] ?? Number.NaN;
				const error = Math.abs((percentile(histogramOf(all), share) ?? Number.NaN) / exact - 1);
				assert.ok(error < 0.1, `${name}, p${share * 100}: off by ${(error * 100).toFixed(1)} %`);
			}
		}
	});

	it('has no percentile of nothing', () => assert.equal(percentile([], 0.5), undefined));

	it('takes what is no time at all, and what is far too long', () => {
		assert.deepEqual(durationOf(0), [1]);
		assert.deepEqual(durationOf(-1), [1]);
		assert.equal(durationOf(1e12).length, 48);
	});

	it('is read by octaves, from the first that is not empty', () => {
		assert.deepEqual(octaves(histogramOf([5, 6, 7, 20])), [
			{ fromMs: 4, toMs: 8, count: 3 },
			{ fromMs: 8, toMs: 16, count: 0 },
			{ fromMs: 16, toMs: 32, count: 1 },
		]);
		assert.deepEqual(octaves([]), []);
	});
});

describe('where accepted text is', () => {
	// `[…]` is the accepted text, `{old→new}` the change.
	const changes: [picture: string, result: string][] = [
		['{→xx}a[bcd]e', 'xxa[bcd]e'],
		['{a→}[bcd]e', '[bcd]e'],
		['a{→x}[bcd]e', 'ax[bcd]e'],
		['a[bcd]{→x}e', 'a[bcd]xe'],
		['a[bcd]{e→}', 'a[bcd]'],
		['a[b{→x}cd]e', 'a[bxcd]e'],
		['a[b{c→}d]e', 'a[bd]e'],
		['a{[bcd]→}e', 'a[]e'],
		['{a[bc→xyz}d]e', '[xyzd]e'],
		['a[b{cd]e→}', 'a[b]'],
	];
	for (const [picture, result] of changes) {
		it(`${picture} → ${result}`, () => {
			const { text, span, change, inserted } = read(picture);
			const { start, end } = afterChange(span, change);
			const after = text.slice(0, change.offset) + inserted + text.slice(change.offset + change.removed);
			assert.equal(`${after.slice(0, start)}[${after.slice(start, end)}]${after.slice(end)}`, result);
		});
	}

	function read(picture: string) {
		const [, old = '', inserted = ''] = /\{(.*)→(.*)\}/.exec(picture) ?? [];
		const marked = picture.replace(/\{.*→.*\}/, () => `{${old}}`);
		const offsetOf = (mark: string) => marked.slice(0, marked.indexOf(mark)).replaceAll(/[[\]{}]/g, '').length;
		const change: Change = { offset: offsetOf('{'), removed: old.replaceAll(/[[\]]/g, '').length, inserted: inserted.length };
		return { text: marked.replaceAll(/[[\]{}]/g, ''), span: { start: offsetOf('['), end: offsetOf(']') }, change, inserted };
	}

	it('is what an edit put there, from its first change to its last', () => {
		assert.deepEqual(insertedSpan([{ offset: 5, removed: 1, inserted: 4 }]), { start: 5, end: 9 });
		assert.deepEqual(
			insertedSpan([
				{ offset: 9, removed: 1, inserted: 1 },
				{ offset: 5, removed: 0, inserted: 2 },
			]),
			{ start: 5, end: 12 },
		);
		assert.equal(insertedSpan([]), undefined);
	});

	const texts: [text: string, accepted: string, isThere: boolean][] = [
		['return a + b;', 'a + b;', true],
		['return (\n\ta +\n\tb\n);', 'a + b', true],
		['return a - b;', 'a + b;', false],
		['', 'a', false],
	];
	for (const [text, accepted, isThere] of texts)
		it(`${JSON.stringify(text)} ${isThere ? 'holds' : 'no longer holds'} ${JSON.stringify(accepted)}`, () =>
			assert.equal(holds(text, accepted), isThere));
});

describe('what is counted', () => {
	const outcome = (what: Partial<Outcome>): Outcome => ({
		timings: { totalMs: 1 },
		usage: { promptTokens: 10, completionTokens: 2 },
		...what,
	});
	const completion = { text: 'a;', replaces: 0 };
	const unreported = { promptTokens: null, completionTokens: null };

	const tallies: [what: string, tally: Tally, counts: Tally['counts']][] = [
		['a suggestion', ofOutcome(outcome({ completion }), { isShown: true, isRemembered: false }), { shown: 1, answers: 1 }],
		['one that comes too late', ofOutcome(outcome({ completion }), { isShown: false, isRemembered: false }), { answers: 1 }],
		['one from memory', ofOutcome(outcome({ completion }), { isShown: true, isRemembered: true }), { shown: 1, answers: 1, remembered: 1 }],
		[
			'an answer that does not fit',
			ofOutcome(outcome({ nothing: { reason: 'does-not-fit' } }), { isShown: false, isRemembered: false }),
			{ answers: 1 },
		],
		['a closed gate', ofOutcome(outcome({ nothing: { reason: 'disabled' } }), { isShown: false, isRemembered: false }), {}],
		['a failure', ofOutcome(outcome({ nothing: { reason: 'unreachable' } }), { isShown: false, isRemembered: true }), {}],
		['a request', ofUse(modelUse({})), { answered: 1, tokensRead: 10, tokensWritten: 4, steps: 2, stepsMs: 60 }],
		['one that was cut', ofUse(modelUse({ usage: unreported })), { answered: 1, unreported: 1, tokensWritten: 3, steps: 2, stepsMs: 60 }],
		[
			'one that was aborted',
			ofUse(modelUse({ end: 'aborted', usage: unreported })),
			{ aborted: 1, unreported: 1, tokensWritten: 3, steps: 2, stepsMs: 60 },
		],
		['one that failed', ofUse(modelUse({ end: 'failed', usage: unreported, pieces: 0, writingMs: 0 })), { failed: 1, unreported: 1 }],
		['a warm-up', ofUse(modelUse({ isWarmUp: true, pieces: 1, writingMs: 0 })), { warmUps: 1, tokensRead: 10, tokensWritten: 4 }],
		['an acceptance', ofAcceptance(7, 'whole'), { accepted: 1, characters: 7 }],
		['one that made the text shorter', ofAcceptance(-1, 'whole'), { accepted: 1 }],
		['one of a word', ofAcceptance(4, 'part'), { accepted: 1, partly: 1, characters: 4 }],
		['and of the next word', ofAcceptance(5, 'rest'), { characters: 5 }],
		['a look at text that is there', ofLaterLook('30s', true), { kept30s: 1 }],
		['a look at text that is gone', ofLaterLook('5min', false), { gone5min: 1 }],
	];
	for (const [what, { counts }, expected] of tallies) it(what, () => assert.deepEqual(counts, expected));

	it('latency: of suggestions from the key, of requests if they were answered', () => {
		assert.deepEqual(ofOutcome(outcome({ completion }), { isShown: true, isRemembered: false, keyMs: 60 }).keyMs, durationOf(60));
		assert.deepEqual(ofUse(modelUse({ ms: 60 })).answerMs, durationOf(60));
		assert.deepEqual(ofUse(modelUse({ end: 'aborted' })).answerMs, []);
		assert.deepEqual(ofUse(modelUse({ isWarmUp: true })).answerMs, []);
	});
});

describe('statistics', () => {
	it('add up, for the day, the language and the model', () => {
		let statistics = noStatistics(day);
		statistics = counted(statistics, here, { ...emptyTally, counts: { shown: 1 } });
		statistics = counted(statistics, { ...here, model: 'n' }, { ...emptyTally, counts: { shown: 1, characters: 5 } });
		statistics = counted(statistics, { ...here, day: '2025-03-02', languageId: 'python' }, { ...emptyTally, counts: { shown: 1 } });
		const countsOf = (tallies: Readonly<Record<string, Tally>>) =>
			Object.fromEntries(Object.entries(tallies).map(([name, { counts }]) => [name, counts]));
		assert.deepEqual(countsOf(statistics.days), { '2025-03-01': { shown: 2, characters: 5 }, '2025-03-02': { shown: 1 } });
		assert.deepEqual(countsOf(statistics.languages), { typescript: { shown: 2, characters: 5 }, python: { shown: 1 } });
		assert.deepEqual(countsOf(statistics.models), { m: { shown: 2 }, n: { shown: 1, characters: 5 } });
		assert.deepEqual(total(statistics).counts, { shown: 3, characters: 5 });
	});

	it('of two windows go together', () => {
		const a = counted(noStatistics('2025-02-01'), here, { ...emptyTally, counts: { shown: 1 } });
		const b = counted(noStatistics(day), here, { ...emptyTally, counts: { accepted: 1 }, keyMs: durationOf(3) });
		const both = together(b, a);
		assert.equal(both.since, '2025-02-01');
		assert.deepEqual(total(both), { counts: { shown: 1, accepted: 1 }, answerMs: [], keyMs: durationOf(3) });
	});

	it('keep 30 days and ten names, and lose nothing from the total', () => {
		let statistics = noStatistics('2025-01-01');
		for (const [index, date] of daysUpTo('2025-03-31', 90).entries()) {
			const tally = { ...emptyTally, counts: { shown: 1, answers: index === 0 ? 5 : 1 } };
			statistics = counted(statistics, { day: date, languageId: `l${index % 25}`, model: '__proto__' }, tally);
		}
		assert.deepEqual(Object.keys(statistics.days), daysUpTo('2025-03-31', 30));
		assert.equal(Object.keys(statistics.languages).length, 11);
		assert.ok('l0' in statistics.languages, 'the one that is used most stays');
		assert.equal(total(statistics).counts.shown, 90);
		assert.equal(statistics.since, '2025-01-01');
		assert.deepEqual(figuresOf(statistics, '2025-03-31').models[0]?.name, '__proto__');
		assert.equal(figuresOf(statistics, '2025-03-31').languages.at(-1)?.name, 'other');
	});

	it('stay below 60 kB, even when everything is full', () => {
		const full: Histogram = Array<number>(48).fill(12_345);
		const counts = Object.fromEntries(Object.keys(zeros).map((counter) => [counter, 123_456]));
		let statistics = noStatistics(day);
		for (const [index, date] of daysUpTo(day, 40).entries()) {
			const one: Tally = { counts: { answers: 1 }, answerMs: [], keyMs: [] };
			statistics = counted(
				statistics,
				{ day: date, languageId: `language-${index}`, model: `${index} ${'a name that is far too long '.repeat(100)}` },
				one,
			);
		}
		const fill = (tallies: Readonly<Record<string, Tally>>) =>
			Object.fromEntries(Object.keys(tallies).map((name) => [name, { counts, answerMs: full, keyMs: full }]));
		const { days, languages, models } = statistics;
		const size = JSON.stringify({ ...statistics, days: fill(days), languages: fill(languages), models: fill(models) }).length;
		console.log(`      full: ${(size / 1000).toFixed(1)} kB`);
		assert.ok(size < 60_000);
	});

	it('know how fast a model has been, once there is enough to go by', () => {
		const after = (requests: number) =>
			Array.from({ length: requests }, () => ofUse(modelUse())).reduce((all, tally) => counted(all, here, tally), noStatistics(day));
		assert.deepEqual(measuredSpeed(after(5), 'm'), { answerMs: undefined, tokensPerSecond: undefined });
		const { answerMs = 0, tokensPerSecond = 0 } = measuredSpeed(after(20), 'm');
		assert.ok(Math.abs(answerMs / 100 - 1) < 0.25);
		assert.equal(Math.round(tokensPerSecond), 33);
		assert.deepEqual(measuredSpeed(after(20), 'toString'), { answerMs: undefined, tokensPerSecond: undefined });
	});

	it('survive being stored', () => {
		const statistics = counted(noStatistics(day), here, { counts: { shown: 1 }, answerMs: durationOf(5), keyMs: [] });
		assert.deepEqual(readStatistics(JSON.parse(JSON.stringify(statistics))), statistics);
	});

	const good = counted(noStatistics(day), here, { counts: { shown: 1 }, answerMs: [1], keyMs: [] });
	const bad: [what: string, stored: unknown][] = [
		['nothing', undefined],
		['null', null],
		['a text', 'x'],
		['another version', { ...good, version: 2 }],
		['no day', { ...good, since: 'yesterday' }],
		['a missing part', { version: 1, since: day, days: {} }],
		['a day that is none', { ...good, days: { x: emptyTally } }],
		['a count that is none', { ...good, languages: { a: { ...emptyTally, counts: { shown: 'many' } } } }],
		['a negative count', { ...good, languages: { a: { ...emptyTally, counts: { shown: -1 } } } }],
		['a histogram that is too long', { ...good, models: { a: { ...emptyTally, keyMs: Array(49).fill(1) } } }],
		['a tally that is none', { ...good, models: { a: 1 } }],
	];
	for (const [what, stored] of bad) it(`stored as ${what} count for nothing`, () => assert.equal(readStatistics(stored), undefined));

	it('know the days of a month’s end, and of where the user is', () => {
		assert.deepEqual(daysUpTo('2024-03-01', 3), ['2024-02-28', '2024-02-29', '2024-03-01']);
		assert.equal(dayOf(new Date(2025, 0, 5, 23, 59)), '2025-01-05');
	});
});

describe('an observed model', () => {
	const options = { prompt: 'p', maxTokens: 10, stop: [] };

	async function piecesOf(stream: AsyncIterable<string>): Promise<string[]> {
		const pieces = [];
		for await (const piece of stream) pieces.push(piece);
		return pieces;
	}

	function observe(model: ScriptedModel) {
		const uses: ModelUse[] = [];
		let now = 0;
		const asked = observed(
			model,
			() => (now += 10),
			() => (use) => uses.push(use),
		);
		return { asked, uses };
	}

	it('says what became of each request, and changes nothing', async () => {
		const model = new ScriptedModel();
		const { asked, uses } = observe(model);
		assert.equal(await asked.facts(never), model.modelFacts);
		model.answer = () => 'abc';
		assert.equal((await piecesOf(asked.generate(options, never))).join(''), 'abc');
		for await (const piece of asked.generate(options, never)) if (piece === 'b') break;
		model.answer = () => new ModelError('overloaded', 'busy');
		await assert.rejects(piecesOf(asked.generate({ ...options, maxTokens: 1 }, never)), { code: 'overloaded' });
		model.answer = undefined;
		const caller = new AbortController();
		const running = piecesOf(asked.generate(options, caller.signal));
		(await model.asked(3)).say('x');
		caller.abort();
		await assert.rejects(running, { name: 'AbortError' });
		assert.deepEqual(
			uses.map(({ model, end, isWarmUp, ms, pieces }) => [model, end, isWarmUp, ms, pieces]),
			[
				['scripted', 'answered', false, 40, 3],
				['scripted', 'answered', false, 30, 2],
				['scripted', 'failed', true, 10, 0],
				['scripted', 'aborted', false, 10 + 10 * (uses[3]?.pieces ?? 0), uses[3]?.pieces],
			],
		);
		assert.ok(model.questions.every(({ isOver }) => isOver));
	});

	it('says how long a request waited, and for what', async () => {
		const model = new ScriptedModel();
		const { asked, uses } = observe(model);
		model.answer = () => '\nab\nc';
		await piecesOf(asked.generate({ ...options, prompt: 'x'.repeat(300) }, never));
		model.answer = () => 'ab';
		await piecesOf(asked.generate({ ...options, prompt: `${'x'.repeat(300)}${'y'.repeat(30)}` }, never));
		model.answer = () => new ModelError('overloaded', 'busy');
		await assert.rejects(piecesOf(asked.generate({ ...options, prompt: 'y' }, never)));
		const [first, second, third] = uses.map(({ firstMs, lineMs, ms, writingMs, newTokens }) => ({
			...{ firstMs, lineMs, ms, writingMs },
			newTokens: Math.round(newTokens),
		}));
		assert.deepEqual(first, { firstMs: 10, lineMs: 40, ms: 60, writingMs: 40, newTokens: 100 }, 'the line ends before the answer');
		assert.deepEqual(second, { firstMs: 10, lineMs: 30, ms: 30, writingMs: 10, newTokens: 10 }, 'the rest was evaluated before');
		assert.deepEqual(third, { firstMs: undefined, lineMs: undefined, ms: 10, writingMs: 0, newTokens: 0 });
	});

	it('an answer’s token counts are one object for as long as the engine remembers it', async () => {
		const model = new ScriptedModel();
		model.answer = () => ' abc;\n';
		const engine = new CompletionEngine({ model, policy: () => everything, now: () => 0, delay: async () => {} });
		const first = await engine.complete(at('return |'), never);
		const again = await engine.complete(at('return a|'), never);
		const another = await engine.complete(at('x = |'), never);
		assert.ok([first, again, another].every(isAnswered));
		assert.equal(again.usage, first.usage);
		assert.notEqual(another.usage, first.usage);
	});
});

describe('the page of the statistics', () => {
	const empty = sections(figuresOf(noStatistics(day), day));
	let statistics: Statistics = noStatistics(day);
	for (const tally of [
		{ counts: { shown: 4, accepted: 1, characters: 1234, kept30s: 3, gone30s: 1 }, answerMs: durationOf(100), keyMs: durationOf(60) },
		{ ...emptyTally, counts: { answered: 3, aborted: 1, tokensRead: 5000 } },
	]) {
		statistics = counted(statistics, { ...here, model: '<img src=x onerror="alert(1)">' }, tally);
	}
	const full = sections(figuresOf(statistics, day));
	const html = Object.values(full).join('');

	it('says so when there is nothing yet', () => {
		assert.equal(empty.since, 'Nothing yet. Numbers only, and only on this machine.');
		assert.deepEqual([empty.suggestions, empty.latency, empty.models], ['', '', '']);
	});

	it('has the figures', () => {
		const cards = [...html.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>(?:<dd class="detail">(.*?)<\/dd>)?/g)].map(([, ...card]) =>
			card.join(' | '),
		);
		assert.deepEqual(cards.slice(0, 8), [
			'Shown | 4 | ',
			'Accepted | 1 | 25 % of those shown',
			'Still there after 30 s | 75 % | 3 of 4',
			'Still there after 5 min | – | 0 of 0',
			'Characters saved | 1,234 | ',
			'From memory | – | 0 of 0 questions',
			'Answered | 3 | 75 % of 4',
			'Aborted | 1 | 25 % of 4',
		]);
	});

	it('shows a model’s name as text, whatever it holds', () => {
		assert.ok(!html.includes('<img'));
		assert.ok(full.models.includes('&#60;img src=x onerror=&#34;alert(1)&#34;&#62;'));
	});

	it('can be read aloud: each table has a caption and headed rows and columns, each chart a title and a description', () => {
		const tables = html.match(/<table>.*?<\/table>/g) ?? [];
		assert.equal(tables.length, 7);
		for (const table of tables) assert.match(table, /^<table><caption>.+<\/caption>.*<th scope="col">.*<th scope="row">/);
		const charts = html.match(/<svg class="chart".*?<\/svg>/gs) ?? [];
		assert.equal(charts.length, 2);
		for (const chart of charts)
			assert.match(chart, /role="img" aria-labelledby="(\S+)" aria-describedby="(\S+)"><title id="\1">.+<\/title><desc id="\2">.+<\/desc>/);
		assert.ok(!/NaN|Infinity|undefined/.test(html), 'a figure that is none');
	});

	it('lets in nothing from elsewhere, and runs only its own script', () => {
		const shell = page({ cspSource: 'https://own', nonce: 'n1', style: 'style.css', script: 'script.js' });
		assert.match(shell, /content="default-src 'none'; style-src https:\/\/own; script-src 'nonce-n1'"/);
		assert.deepEqual(shell.match(/<script[^>]*>/g), ['<script nonce="n1" src="script.js">']);
		assert.ok(!/ style=| on\w+="/.test(shell + html), 'what the policy would keep from working');
	});

	const durations: [ms: number | undefined, text: string][] = [
		[undefined, '–'],
		[0.2, '0 ms'],
		[53.4, '53 ms'],
		[1000, '1 s'],
		[1250, '1.3 s'],
		[16384, '16 s'],
	];
	for (const [ms, text] of durations) it(`${ms} ms reads ${text}`, () => assert.equal(durationText(ms), text));
	it('a share of nothing is none', () => assert.equal(shareText(0, 0), '–'));
});
