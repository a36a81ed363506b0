import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { Memento, TextDocument, TextDocumentChangeEvent } from 'vscode';
import type { Outcome } from '../../src/completion/completion.ts';
import { durationOf } from '../../src/completion/histogram.ts';
import { total } from '../../src/completion/statistics.ts';
import { noUsage } from '../../src/model/language-model.ts';
import { Bookkeeper } from '../../src/vscode/statistics.ts';
import { modelUse } from '../model-use.ts';
import { at } from '../picture.ts';

/** What VS Code keeps for an extension. */
class Storage implements Memento {
	readonly values = new Map<string, unknown>();
	writes = 0;
	keys = () => [...this.values.keys()];
	get<T>(key: string, otherwise?: T): T {
		return (this.values.get(key) ?? otherwise) as T;
	}
	async update(key: string, value: unknown): Promise<void> {
		this.writes++;
		this.values.set(key, value);
	}
}

/** A document of one line, as far as the bookkeeper looks at it. */
class Line {
	text: string;
	readonly uri: { scheme: string; toString: () => string };
	constructor(text: string, scheme = 'file') {
		this.text = text;
		this.uri = { scheme, toString: () => `${scheme}:///line.ts` };
	}
	getText = () => this.text;
	positionAt = (character: number) => ({ line: 0, character });

	/** Puts text in the place of some characters, and tells. */
	edit(books: Bookkeeper, rangeOffset: number, rangeLength: number, text: string): void {
		this.text = this.text.slice(0, rangeOffset) + text + this.text.slice(rangeOffset + rangeLength);
		const event = { document: this, contentChanges: [{ rangeOffset, rangeLength, text }], reason: undefined };
		books.changed(event as unknown as TextDocumentChangeEvent);
	}
}

describe('the bookkeeper', () => {
	let now: number;
	let storage: Storage;
	let books: Bookkeeper;
	let shown: number;

	beforeEach(() => {
		mock.timers.enable({ apis: ['setTimeout'] });
		now = 0;
		shown = 0;
		storage = new Storage();
		books = new Bookkeeper(storage, { now: () => now, date: () => new Date(2025, 2, 1, 12) });
	});
	afterEach(() => {
		books.dispose();
		mock.timers.reset();
	});

	const counts = () => total(books.statistics).counts;
	const answer = (text: string): Outcome => ({
		completion: { text, replaces: 0 },
		model: 'm',
		timings: { totalMs: 1 },
		usage: { promptTokens: 10, completionTokens: 2 },
	});

	/** The editor asks at the end of a line and is given something while it still wants it. */
	function show(line: Line, outcome: Outcome): number {
		const position = line.positionAt(line.text.length);
		shown++;
		books.record({ document: line as never, position: position as never, request: at(`${line.text}|`), outcome, shown });
		return shown;
	}

	/** The editor puts a suggestion in and runs its command. */
	function accept(line: Line, text: string, number: number): void {
		line.edit(books, line.text.length, 0, text);
		books.accepted(number);
	}

	it('a suggestion that is typed through is one; what is not asked for comes from memory', () => {
		const line = new Line('return ');
		const first = answer('abc');
		show(line, first);
		line.edit(books, line.text.length, 0, 'a');
		show(line, { ...first, completion: { text: 'bc', replaces: 0 } });
		assert.deepEqual(counts(), { shown: 1, answers: 2, remembered: 1 });
		show(line, answer('xyz'));
		show(line, first);
		assert.deepEqual(counts(), { shown: 3, answers: 4, remembered: 2 }, 'another one came in between');
	});

	it('what stands elsewhere in the text is from memory, and another one each time but for what is left of it', () => {
		const line = new Line('return ');
		const recalled = (text: string): Outcome => ({ completion: { text, replaces: 0 }, timings: { totalMs: 1 }, usage: noUsage });
		show(line, recalled('abc'));
		show(line, recalled('bc'));
		show(line, recalled('xyz'));
		assert.deepEqual(counts(), { shown: 2, answers: 3, remembered: 3 });
	});

	it('what was too late is an answer, and not shown', () => {
		books.record({ document: new Line('') as never, position: { line: 0, character: 0 } as never, request: at('|'), outcome: answer('a') });
		assert.deepEqual(counts(), { answers: 1 });
	});

	it('from the key to the suggestion, once for each key', () => {
		const line = new Line('return');
		line.edit(books, 6, 0, ' ');
		new Line('', 'output').edit(books, 0, 0, 'our own log');
		now = 80;
		show(line, answer('abc'));
		now = 5000;
		show(line, answer('abc'));
		assert.deepEqual(total(books.statistics).keyMs, durationOf(80));
	});

	it('an accepted one saves as many characters as the document grows by', () => {
		const line = new Line('return ');
		const number = show(line, answer('abc'));
		line.edit(books, line.text.length, 0, 'a');
		// The editor replaces what was typed through.
		line.edit(books, 7, 1, 'abc');
		books.accepted(number);
		books.accepted(number);
		assert.equal(counts().accepted, 1);
		assert.equal(counts().characters, 2);
	});

	it('what was accepted is looked for 30 seconds and 5 minutes later, where it was put', () => {
		const line = new Line('return ');
		accept(line, 'a + b;', show(line, answer('a + b;')));
		line.edit(books, 0, 0, '    ');
		mock.timers.tick(30_000);
		assert.equal(counts().kept30s, 1);
		line.edit(books, line.text.indexOf('+'), 1, '-');
		line.edit(books, 0, 0, 'a + b; ');
		mock.timers.tick(270_000);
		assert.equal(counts().gone5min, 1, 'the same text elsewhere does not count');
		assert.equal(counts().kept5min, undefined);
	});

	it('what was undone is gone', () => {
		const line = new Line('return ');
		accept(line, 'abc', show(line, answer('abc')));
		line.edit(books, 7, 3, '');
		mock.timers.tick(300_000);
		assert.equal(counts().gone30s, 1);
		assert.equal(counts().gone5min, 1);
	});

	it('a closed document is not looked into', () => {
		const line = new Line('return ');
		accept(line, 'abc', show(line, answer('abc')));
		mock.timers.tick(30_000);
		books.closed(line as unknown as TextDocument);
		mock.timers.tick(300_000);
		assert.equal(counts().kept30s, 1);
		assert.equal((counts().kept5min ?? 0) + (counts().gone5min ?? 0), 0);
	});

	it('tells of every acceptance, of a part and of a whole one', () => {
		let told = 0;
		books.onAccept(() => told++);
		const line = new Line('return ');
		show(line, answer('left + right;'));
		line.edit(books, 7, 0, 'l');
		assert.equal(told, 0, 'typed');
		line.edit(books, 8, 0, 'eft');
		assert.equal(told, 1, 'a word');
		accept(line, ' + right;', show(line, answer(' + right;')));
		assert.equal(told, 2);
	});

	describe('a part of a suggestion', () => {
		it('counts once, however many follow, and the rest as a whole does not count again', () => {
			const line = new Line('return ');
			const whole = answer('left + right;');
			show(line, whole);
			for (const part of ['left', ' +', ' right']) line.edit(books, line.text.length, 0, part);
			assert.deepEqual(counts(), { shown: 1, answers: 1, accepted: 1, partly: 1, characters: 12 });
			accept(line, ';', show(line, { ...whole, completion: { text: ';', replaces: 0 } }));
			assert.deepEqual(counts(), { shown: 1, answers: 2, remembered: 1, accepted: 1, partly: 1, characters: 13 });
		});

		it('may be one of a suggestion that was chosen', () => {
			const line = new Line('return ');
			const alternatives = [{ outcome: answer('top - bottom;'), shown: 8 }];
			const position = line.positionAt(7) as never;
			books.record({ document: line as never, position, request: at('return |'), outcome: answer('left;'), shown: 7, alternatives });
			line.edit(books, 7, 0, 'top');
			assert.equal(counts().partly, 1);
			accept(line, ' - bottom;', 8);
			assert.deepEqual(counts(), { shown: 1, answers: 1, accepted: 1, partly: 1, characters: 13 });
		});

		const others: [what: string, text: string, edits: readonly (readonly [offset: number, removed: number, text: string])[]][] = [
			['typing it', 'left;', [...'left'].map((key, i) => [7 + i, 0, key])],
			['a bracket that the editor closes', '() => 1', [[7, 0, '()']]],
			['Enter and what it indents', '\n\tfoo();', [[7, 0, '\n\t']]],
			[
				'an entry of the suggest widget, which replaces the word',
				'left;',
				[
					[7, 0, 'l'],
					[7, 1, 'left'],
				],
			],
			['text of another place', 'left;', [[0, 0, 'left']]],
			['other text', 'left;', [[7, 0, 'right']]],
			['all of it, which the editor reports itself', 'left;', [[7, 0, 'left;']]],
		];
		for (const [what, text, edits] of others) {
			it(`is not ${what}`, () => {
				const line = new Line('return ');
				show(line, answer(text));
				for (const edit of edits) line.edit(books, ...edit);
				assert.deepEqual(counts(), { shown: 1, answers: 1 });
			});
		}
	});

	it('what nobody was shown cannot be accepted', () => {
		books.accepted(7);
		assert.deepEqual(counts(), {});
	});

	it('writes once for all that happens within five seconds, and numbers only', () => {
		const line = new Line('secretName = ');
		for (let i = 0; i < 50; i++) show(line, answer(`secretText${i}`));
		accept(line, 'secretText', shown);
		assert.equal(storage.writes, 0);
		mock.timers.tick(5000);
		assert.equal(storage.writes, 1);
		assert.doesNotMatch(JSON.stringify([...storage.values]), /secret/);
		assert.equal(counts().shown, 50);
	});

	it('adds to what another window wrote meanwhile', async () => {
		const other = new Bookkeeper(storage, { now: () => now, date: () => new Date(2025, 2, 1) });
		other.asked('python')(modelUse({ pieces: 1, writingMs: 0, usage: { promptTokens: 3, completionTokens: 1 } }));
		show(new Line('return '), answer('abc'));
		await other.write();
		await books.write();
		assert.deepEqual(counts(), { answered: 1, tokensRead: 3, tokensWritten: 1, shown: 1, answers: 1 });
	});

	it('begins anew after a reset, and when what is stored is none of it', async () => {
		show(new Line('return '), answer('abc'));
		await books.write();
		let told = 0;
		const stop = books.onChange(() => told++);
		await books.reset();
		assert.equal(told, 1);
		assert.deepEqual(counts(), {});
		storage.values.set('statistics', { version: 'none' });
		show(new Line('return '), answer('abc'));
		assert.equal(told, 2);
		stop();
		show(new Line('return '), answer('abc'));
		assert.equal(told, 2);
		assert.equal(counts().shown, 2);
	});
});
