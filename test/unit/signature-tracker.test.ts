import assert from 'node:assert/strict';
import type { Parse } from '../../src/grammar/syntax.ts';
import { languages } from '../../src/signature/languages/all.ts';
import { errorsIn } from '../../src/signature/languages/errors.ts';
import { type EditOrigin, SignatureTracker } from '../../src/signature/tracker.ts';
import { parserOf } from '../grammars.ts';

const place = { path: 'a.ts', languageId: 'typescript' };

/** An editor with one text. `⌫` takes what is before the cursor, `⌦` what is after it. */
class Typist {
	readonly #parse: Parse;
	readonly tracker: SignatureTracker;
	#at: number;

	constructor(parse: Parse, picture: string) {
		this.#parse = parse;
		this.#at = picture.indexOf('|');
		const text = picture.replace('|', '');
		this.tracker = new SignatureTracker(place, text, this.#read(text));
	}

	get picture(): string {
		return `${this.tracker.text.slice(0, this.#at)}|${this.tracker.text.slice(this.#at)}`;
	}

	press(keys: string, origin: EditOrigin = 'typed'): this {
		for (const key of keys) {
			const [start, end] = key === '⌫' ? [this.#at - 1, this.#at] : key === '⌦' ? [this.#at, this.#at + 1] : [this.#at, this.#at];
			const newText = '⌫⌦'.includes(key) ? '' : key;
			this.tracker.take([{ start, end, newText }], origin);
			this.#at = start + newText.length;
		}
		return this;
	}

	/** Edits of one event, each a piece of the text and what comes in its place. */
	replace(pieces: Readonly<Record<string, string>>, origin: EditOrigin = 'typed') {
		const edits = Object.entries(pieces).map(([old, newText]) => {
			const start = this.tracker.text.indexOf(old);
			assert.notEqual(start, -1, old);
			return { start, end: start + old.length, newText };
		});
		return this.tracker.take(edits, origin);
	}

	goTo(picture: string): this {
		assert.equal(picture.replace('|', ''), this.tracker.text);
		this.#at = picture.indexOf('|');
		return this;
	}

	/** What is found when nobody types. */
	rest(): string {
		return this.read()
			.map(({ change, isDone }) => {
				const said = change.operations.map(({ kind, parameter, from, to }) => [kind, parameter ?? `${from}→${to}`].join(' '));
				return `${change.before.name}: ${said.join(', ')}${isDone ? ' (done)' : ''}`;
			})
			.join('; ');
	}

	read() {
		return this.tracker.settle(this.#read(this.tracker.text));
	}

	#read(text: string) {
		using tree = this.#parse(text);
		const language = languages.find(({ ids }) => ids.includes('typescript'));
		return { declarations: language?.outline(tree.root).declarations ?? [], errors: errorsIn(tree.root) };
	}
}

describe('a signature that is edited', () => {
	let parse: Parse;
	before(async () => {
		parse = await parserOf('typescript');
	});
	const open = (picture: string) => new Typist(parse, picture);

	/** What is typed at a picture, and what changed then. */
	const typed: Record<string, readonly [picture: string, keys: string, said: string]> = {
		'a parameter at the end': ['function f(a: number|) {}', ', b: string', 'f: add b'],
		'a parameter in front': ['function f(|a: number) {}', 'b: string, ', 'f: add b'],
		'one between two of its type': ['function f(a: number, |c: number) {}', 'b: number, ', 'f: add b'],
		'another name': ['function f(a|: number, b: number) {}', '⌫total', 'f: rename total'],
		'a longer name': ['function f(a|: number, b: number) {}', 'mount', 'f: rename amount'],
		'another name and another type': ['function f(a: number|, b: number) {}', '⌫⌫⌫⌫⌫⌫⌫⌫⌫x: Date', 'f: rename x, retype x'],
		'one goes and another comes': ['function f(a: number|, b: number) {}', '⌫⌫⌫⌫⌫⌫⌫⌫⌫⌦⌦d: Date, ', 'f: remove a, add d'],
		'the last one goes': ['function f(a: number, b: string|) {}', '⌫⌫⌫⌫⌫⌫⌫⌫⌫⌫⌫', 'f: remove b'],
		'another type': ['function f(a: number|) {}', ' | string', 'f: retype a'],
		'a default': ['function f(a: number|) {}', ' = 1', 'f: default a'],
		'a type of the result': ['function f(a: number)|: number {}', '⌦⌦⌦⌦⌦⌦⌦⌦: string', 'f: return number→string'],
		async: ['export |function f() {}', 'async ', 'f: async false→true'],
		'another name of the function': ['function f|(a: number) {}', 'oo', 'f: name f→foo'],
		'a method': ['class C { m(a: number|) {} }', ', b: string', 'm: add b'],
		'an arrow function': ['const f = (a: number|) => a;', ', b: string', 'f: add b'],
		'a declaration without a body': ['interface I { m(a: number|): void; }', ', b: string', 'm: add b'],
		'nothing in its body': ['function f(a: number) { return a|; }', ' + 1', ''],
		'nothing in a remark': ['// about f|\nfunction f(a: number) {}', '(a, b)', ''],
		'nothing but blanks': ['function f(a: number|) {}', '  ', ''],
		'typed and taken back': ['function f(a: number|) {}', ', b⌫⌫⌫', ''],
		'text beyond the first plane': ["const s = '😀';\nfunction f(a: number|) {}", ', b: string', 'f: add b'],
	};
	for (const [title, [picture, keys, said]] of Object.entries(typed)) {
		it(title, () => assert.equal(open(picture).press(keys).rest(), said));
	}

	it('is not looked at while it cannot be read, and its parameters stay who they are', () => {
		const typist = open('function f(a: number|, b: number) {}').press('⌫⌫⌫⌫⌫⌫⌫⌫⌫');
		assert.equal(typist.rest(), '');
		assert.ok(typist.tracker.active);
		assert.equal(typist.press('c: ').rest(), '');
		assert.equal(typist.press('number').rest(), 'f: rename c');
		assert.ok(!typist.tracker.active);
	});

	it('goes on from the oldest state when it is edited again', () => {
		const typist = open('function f(a: number|) {}').press(', b: string');
		assert.equal(typist.rest(), 'f: add b');
		assert.equal(typist.press(', c: Date').rest(), 'f: add b, add c');
		assert.equal(typist.press('⌫'.repeat(', b: string, c: Date'.length)).rest(), '');
	});

	it('is one of several that are edited one after another', () => {
		const typist = open('function f(a: number|) {}\nfunction g() {}').press(', b: string');
		assert.equal(typist.rest(), 'f: add b');
		typist.goTo('function f(a: number, b: string) {}\nfunction g(|) {}').press('x: Date');
		assert.equal(typist.rest(), 'f: add b; g: add x');
	});

	it('is forgotten when it is undone', () => {
		const typist = open('function f(a: number) {}|');
		assert.equal(typist.replace({ 'a: number': 'a: number, b: string' }), 'begun');
		assert.equal(typist.rest(), 'f: add b');
		assert.equal(typist.replace({ ', b: string': '' }, 'undone'), 'continued');
		assert.equal(typist.rest(), '');
	});

	it('comes back when what was done for it is undone', () => {
		const typist = open('function f(a: number|) {}\nf(1);').press(', b: string');
		assert.equal(typist.rest(), 'f: add b');
		typist.tracker.markDone(1, true);
		assert.equal(typist.rest(), 'f: add b (done)');
		typist.tracker.markDone(1, false);
		assert.equal(typist.rest(), 'f: add b');
	});

	it('begins anew when it is edited after all was done', () => {
		const typist = open('function f(a: number|) {}').press(', b: string');
		typist.rest();
		typist.tracker.markDone(1, true);
		assert.equal(typist.press(', c: Date').rest(), 'f: add c');
	});

	it('says nothing while a function is being written', () => {
		const typist = open('const x = 1;\n|').press('function f(a: number) {}');
		assert.equal(typist.rest(), '');
		typist.goTo('const x = 1;\nfunction f(a: number|) {}').press(', b: string');
		assert.equal(typist.rest(), '');
	});

	it('is tracked once five other names were written since', () => {
		const typist = open('|').press('function f(a: number) {}');
		typist.rest();
		for (const name of ['one', 'two', 'three', 'four', 'five']) typist.press(`\n${name};`);
		typist.rest();
		typist.goTo('function f(a: number|) {}\none;\ntwo;\nthree;\nfour;\nfive;').press(', b: string');
		assert.equal(typist.rest(), 'f: add b');
	});

	it('is not typed where an event edits two at once, and known again afterwards', () => {
		const typist = open('function f(a: number) {}\nfunction g(b: number) {}|');
		assert.equal(typist.replace({ 'a: number': 'a: Date', 'b: number': 'b: Date' }), 'bulk');
		assert.equal(typist.rest(), '');
		typist.goTo('function f(a: Date|) {}\nfunction g(b: Date) {}').press(', c: string');
		assert.equal(typist.rest(), 'f: add c');
	});

	it('begins with no edit of Co-Clone, and of nobody who does not type', () => {
		const typist = open('function f(a: number) {}|');
		assert.equal(typist.replace({ 'a: number': 'a: Date' }, 'ours'), 'none');
		assert.equal(typist.replace({ 'a: Date': 'a: string' }, 'foreign'), 'none');
		assert.equal(typist.rest(), '');
	});

	it('knows where the cursor has left it', () => {
		const typist = open('function f(a: number|) { return a; }').press(', b: string');
		const { text } = typist.tracker;
		assert.ok(typist.tracker.isInActive(text.indexOf(')') + 2));
		assert.ok(!typist.tracker.isInActive(text.indexOf('return')));
	});

	it('keeps the whole text from before the first keystroke in it', () => {
		const typist = open('f(1);\nfunction f(a: number|) {}').press(', b: string');
		const [tracked] = typist.read();
		assert.equal(tracked?.textBefore, 'f(1);\nfunction f(a: number) {}');
	});

	it('is gone when its function is', () => {
		const typist = open('function f(a: number|) {}\n').press(', b');
		assert.equal(typist.rest(), 'f: add b');
		typist.replace({ 'function f(a: number, b) {}': '' });
		assert.equal(typist.rest(), '');
		assert.ok(!typist.tracker.active);
	});
});
