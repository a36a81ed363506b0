import assert from 'node:assert/strict';
import { seededRandom, shuffled } from '../../bench/random.ts';
import { editSimilarity, identifierF1, score } from '../../bench/score.ts';
import { interval } from '../../bench/score-interval.ts';

describe('the score of an answer', () => {
	const similarities: [answer: string, truth: string, similarity: number][] = [
		['', '', 1],
		['abc', '', 0],
		['', 'abc', 0],
		['abc', 'abc', 1],
		['abcd', 'abcx', 3 / 4],
		['abc', 'xabc', 3 / 4],
		['abcd', 'acbd', 2 / 4],
		['kitten', 'sitting', 4 / 7],
	];
	for (const [answer, truth, similarity] of similarities) {
		it(`“${answer}” is to “${truth}” as ${similarity.toFixed(2)}`, () => assert.equal(editSimilarity(answer, truth), similarity));
	}

	const names: [answer: string, truth: string, f1: number][] = [
		['', '', 1],
		['1 + 2', '3', 1],
		['', 'a', 0],
		['a', '', 0],
		['foo(bar)', 'bar(foo)', 1],
		['foo(foo)', 'foo(bar)', 1 / 2],
		['a', 'a + a', 2 / 3],
		['größe', 'größe', 1],
		['$el.x1', '$el.x2', 1 / 2],
	];
	for (const [answer, truth, f1] of names) {
		it(`the names of “${answer}” and “${truth}” agree by ${f1.toFixed(2)}`, () => assert.equal(identifierF1(answer, truth), f1));
	}

	const exact: [what: string, answer: string, line: string, exact: 0 | 1][] = [
		['the same', 'foo();', 'foo();', 1],
		['white space at the end does not count', 'foo(); ', 'foo();', 1],
		['white space at the start does: the cursor is there', ' foo();', 'foo();', 0],
		['only the first line counts', 'foo();\nbar();', 'foo();', 1],
		['no answer', '', 'foo();', 0],
	];
	for (const [what, answer, line, expected] of exact) {
		it(`first line: ${what}`, () => assert.equal(score(answer, { line, block: line, word: '' }).exact, expected));
	}

	const blocks: [what: string, answer: string, block: string, same: number | undefined][] = [
		['one line is none', 'a();', 'a();', undefined],
		['the same', 'a();\n\tb();', 'a();\n\tb();', 1],
		['indentation and blank lines do not count', 'a();\n  b();\n', 'a();\n\n\tb();', 1],
		['too short', 'a();', 'a();\nb();', 0],
		['too long', 'a();\nb();\nc();', 'a();\nb();', 0],
	];
	for (const [what, answer, block, same] of blocks) {
		it(`block: ${what}`, () => assert.equal(score(answer, { line: 'a();', block, word: '' }).block, same));
	}

	it('names are compared whole, with what of them stands before the cursor', () => {
		const truth = { line: 'lue + 1', block: 'lue + 1', word: 'va' };
		assert.equal(score('lue', truth).identifiers, 1);
		assert.equal(score('r', truth).identifiers, 0);
	});
});

describe('intervals', () => {
	const coin = (heads: number, of: number) => Array.from({ length: of }, (_, index) => (index < heads ? 1 : 0));

	it('are the same every time', () => {
		const values = [0.11, 0.35, 0.72, 0.91, 0.18, 0.44];
		assert.deepEqual(interval(values), interval(values));
		assert.notDeepEqual(interval(values, 1), interval(values, 2));
	});

	it('hold the mean, and nothing else where nothing varies', () => {
		assert.deepEqual(interval(coin(20, 20)), { mean: 1, low: 1, high: 1, count: 20 });
	});

	it('are as wide as chance would have it', () => {
		const { mean, low, high } = interval(coin(30, 100));
		// Twice the standard error, √(0.3 · 0.7 / 100), to each side.
		assert.equal(mean, 0.3);
		assert.ok(Math.abs(low - 0.21) <= 0.015 && Math.abs(high - 0.39) <= 0.015, `${low}…${high}`);
	});

	it('get narrower with more tasks', () => {
		const width = (of: number) => {
			const { low, high } = interval(coin(of * 0.3, of));
			return high - low;
		};
		assert.ok(width(1000) < width(100) / 2.5);
	});
});

describe('chance', () => {
	it('falls the same way for the same seed', () => {
		const items = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
		const order = (seed: number) => shuffled(items, seededRandom(seed)).join('');
		assert.equal(order(1), order(1));
		assert.notEqual(order(1), order(2));
		assert.deepEqual([...order(1)].sort(), items);
	});
});
