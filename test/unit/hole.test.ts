import assert from 'node:assert/strict';
import { holeAt, type Spot } from '../../src/completion/hole.ts';

function spotOf(text: string, offset: number): Spot {
	const before = text.slice(0, offset).split('\n');
	return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

function offsetOf(lines: readonly string[], { line, character }: Spot): number {
	return lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0) + character;
}

/** The text with the hole in `[` `]` and what comes before its filling; in the picture `|` is the cursor, or two of them a selection. */
function holeIn(picture: string, languageId: string): string {
	const [before = '', ...parts] = picture.split('|');
	const text = before + parts.join('');
	const lines = text.split('\n');
	const start = spotOf(text, before.length);
	const end = spotOf(text, before.length + (parts.length > 1 ? (parts[0]?.length ?? 0) : 0));
	const hole = holeAt(lines, start, end, languageId);
	const from = offsetOf(lines, hole.start);
	const to = offsetOf(lines, hole.end);
	return `${text.slice(0, from)}[${text.slice(from, to)}]${hole.lead === '' ? '' : JSON.stringify(hole.lead)}${text.slice(to)}`;
}

const pictures: Readonly<Record<string, [picture: string, hole: string, languageId?: string][]>> = {
	'an empty body': [
		['function f() {|}', 'function f() {[]}'],
		['function f|() { }', 'function f() {[ ]}'],
		['function f() {\n\t|\n}\nx();', 'function f() {[\n\t]\n}\nx();'],
		['function f(|) {\n}\n', 'function f() {[]\n}\n'],
		['function f(\n\t|a: A,\n\tb: B,\n) {\n}', 'function f(\n\ta: A,\n\tb: B,\n) {[]\n}'],
	],
	'a stub': [
		['def f():\n    pass|\n\nx = 1', 'def f():\n    [pass]\n\nx = 1', 'python'],
		['def |f():\n    """Adds."""\n    ...\n', 'def f():\n    """Adds."""\n    [...]\n', 'python'],
		['def f():\n    raise NotImplementedError("|later")', 'def f():\n    [raise NotImplementedError("later")]', 'python'],
		[
			"f() {\n\t// TODO: add\n\tthrow new Error('Not implemented');|\n}",
			"f() {\n\t// TODO: add\n\t[throw new Error('Not implemented');]\n}",
		],
		['fn f() -> u8 {\n    todo!()|\n}', 'fn f() -> u8 {\n    [todo!()]\n}', 'rust'],
		['func f() {\n\tpanic("not implemented")|\n}', 'func f() {\n\t[panic("not implemented")]\n}', 'go'],
	],
	'a remark that says what is to come': [
		['f() {\n\t// TODO: add|\n}', 'f() {\n\t// TODO: add[]"\\n\\t"\n}'],
		['def f():\n    """Adds."""\n    |\n', 'def f():\n    """Adds."""[\n    ]"\\n    "\n', 'python'],
		['def f(a):\n    """\n    Adds a.\n    """|\n', 'def f(a):\n    """\n    Adds a.\n    """[]"\\n    "\n', 'python'],
	],
	'a selection': [
		['a();\n\t|b();\n\tc();|\nd();', 'a();\n\t[b();\n\tc();]\nd();'],
		['a();\n|\tb();\n|d();', 'a();\n\t[b();]\nd();'],
		['x = |old|;', 'x = [old];'],
	],
	'the cursor, where there is something already': [
		['f() {\n\ta();\n\t|\n}', 'f() {\n\ta();\n\t[]\n}'],
		['f() {\n\t// first\n\ta();|\n}', 'f() {\n\t// first\n\ta();[]\n}'],
		['x = |1;', 'x = []1;'],
		['|', '[]'],
		['if (a) {\n\t|\n\tb();\n}', 'if (a) {\n\t[]\n\tb();\n}'],
	],
};

describe('what is to be filled', () => {
	for (const [what, rows] of Object.entries(pictures)) {
		describe(what, () => {
			for (const [picture, hole, languageId = 'typescript'] of rows) {
				it(JSON.stringify(picture), () => assert.equal(holeIn(picture, languageId), hole));
			}
		});
	}
});
