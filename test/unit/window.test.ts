import assert from 'node:assert/strict';
import type { CompletionRequest } from '../../src/completion/completion.ts';
import { estimateTokens, firstLines, lastLines } from '../../src/completion/tokens.ts';
import { belowClosers, type Window, windowAt } from '../../src/completion/window.ts';
import { at } from '../picture.ts';

const lines = (count: number, from = 1) =>
	Array.from({ length: count }, (_, i) => `const value${from + i} = compute(${from + i});\n`).join('');
const whole = ({ before, typed }: Window) => before + typed;

describe('window', () => {
	it('is all of a small text, with the anchor a few lines above the cursor', () => {
		const { before, typed, after } = windowAt(at('a\nb\nc\nd\nreturn |;\n}\nend'), undefined, 450);
		assert.deepEqual({ before, typed, after }, { before: 'a\n', typed: 'b\nc\nd\nreturn ', after: '\n}\nend' });
	});

	it('starts and ends at whole lines, most of it before the cursor', () => {
		const window = windowAt(at(`${lines(200)}x|\n${lines(200, 201)}`), undefined, 450);
		assert.match(window.before, /^const value/);
		assert.match(window.after, /;$/);
		assert.ok(estimateTokens(whole(window)) <= 360 && estimateTokens(whole(window)) > 330);
		assert.ok(estimateTokens(window.after) <= 64 && estimateTokens(window.after) > 45);
	});

	it('cuts a line that is longer than all there is room for, between characters', () => {
		const window = windowAt(at(`${'😀'.repeat(3000)}|`), undefined, 100);
		assert.match(whole(window), /^😀+$/u);
	});

	describe('stays byte for byte the same', () => {
		const typing: [what: string, from: string, to: string][] = [
			['while the line grows', 'a\nfoo|\nb', 'a\nfoo(bar|\nb'],
			['while closers come and go after the cursor', 'a\nfoo|\nb', 'a\nfoo(|)\nb'],
			['over a line break', 'a\nfoo|\nb', 'a\nfoo\n\tbar|\nb'],
			['when Enter pushes a closer down', 'a\nf() {|}\nb', 'a\nf() {\n\t|\n}\nb'],
			['when Enter pushes an end tag down', 'a\n<p>|</p>\nb', 'a\n<p>\n\t|\n</p>\nb'],
			['when characters are deleted', 'a\nfoo|\nb', 'a\nf|\nb'],
		];
		for (const [what, from, to] of typing) {
			it(`${what}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`, () => {
				const head = lines(20);
				const first = windowAt(at(head + from), undefined, 2000);
				const second = windowAt(at(head + to), first, 2000);
				assert.equal(second.before, first.before);
				assert.equal(second.after, first.after);
				assert.ok((head + to).startsWith(whole(second)));
			});
		}

		it('when the text before the cursor is handed over from another line on', () => {
			const first = windowAt(at(`${lines(300)}x|\nend`), undefined, 450);
			const second = windowAt(at(`${lines(200, 101)}xy|\nend`), first, 450);
			assert.equal(second.before, first.before);
		});
	});

	describe('is taken anew', () => {
		const moves: [what: string, from: string, to: string][] = [
			['when something above changes', 'a\nb\nc\nd\ne\nfoo|\nb', 'X\nb\nc\nd\ne\nfoo|\nb'],
			['when something below changes', 'a\nfoo|\nb', 'a\nfoo|\nc'],
			['when the cursor goes up', `${lines(9)}x|\nb`, `${lines(2)}|\n${lines(7, 3)}x\nb`],
		];
		for (const [what, from, to] of moves) {
			it(what, () => {
				const first = windowAt(at(from), undefined, 2000);
				const request = at(to);
				const second = windowAt(request, first, 2000);
				assert.notDeepEqual([second.before, second.after], [first.before, first.after]);
				assert.equal(whole(second), request.prefix);
			});
		}

		it('in another file', () => {
			const first = windowAt(at('a\nfoo|'), undefined, 450);
			const other: CompletionRequest = at('b\nfoo|', { path: '/other.ts' });
			assert.equal(whole(windowAt(other, first, 450)), 'b\nfoo');
		});

		it('after much typing, but from the same start', () => {
			const first = windowAt(at(`${lines(60)}|\nend`), undefined, 900);
			const second = windowAt(at(`${lines(75)}|\nend`), first, 900);
			assert.notEqual(second.before, first.before);
			assert.ok(second.before.startsWith(first.before), 'what was evaluated stays valid');
		});
	});

	it('keeps its start until it is half again too large, then moves it by a stride', () => {
		let window: Window | undefined;
		const starts = new Set<string>();
		for (let count = 40; count <= 140; count++) {
			window = windowAt(at(`${lines(count)}|`), window, 450);
			starts.add(window.before.split('\n', 1)[0] ?? '');
			assert.ok(estimateTokens(whole(window)) <= 450 * 0.8 * 1.5 + 170);
		}
		assert.ok(starts.size <= 8, `the start moved ${starts.size} times over 100 lines`);
	});
});

describe('belowClosers', () => {
	const pictures: [suffix: string, below: string][] = [
		['}\nb', '\nb'],
		['\n}\nb', '\nb'],
		['\n\t});\n}\nb', '\nb'],
		['\nb\n}', '\nb\n}'],
		['\n}', ''],
		['', ''],
	];
	for (const [suffix, below] of pictures) {
		it(`${JSON.stringify(suffix)} → ${JSON.stringify(below)}`, () => assert.equal(belowClosers(suffix), below));
	}
});

describe('lines that fit', () => {
	it('takes whole lines from the end', () => assert.equal(lastLines('aaaaaa\nbbbbbb\ncc', 5), 'bbbbbb\ncc'));
	it('takes whole lines from the start', () => assert.equal(firstLines('\naaa\nbbbbbb\ncc', 3), '\naaa'));
	it('counts other scripts than Latin as more', () => assert.ok(estimateTokens('漢字漢字') > 3 * estimateTokens('abcd')));
});
