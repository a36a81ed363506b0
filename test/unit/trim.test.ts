import assert from 'node:assert/strict';
import { trim } from '../../src/completion/trim.ts';
import { accept, at } from '../picture.ts';

/** The picture before, what the model says, and the picture after; or the reason why nothing is shown. */
const cases: Record<string, [picture: string, answer: string, result: string][]> = {
	'leaves alone what fits': [
		['return |', 'a + b;', 'return a + b;|'],
		['return|', ' a;', 'return a;|'],
		['if (a) {\n\t|\n}', 'b();\n\tc();', 'if (a) {\n\tb();\n\tc();|\n}'],
	],
	'pairs closers with those after the cursor': [
		['foo(|)', 'a, b)', 'foo(a, b)|'],
		['foo(|)', 'a, b', 'foo(a, b|)'],
		['foo(|)', 'a, b);', 'foo(a, b);|'],
		['foo(|);', 'a, b);', 'foo(a, b);|'],
		['foo(|);', 'a, b)', 'foo(a, b)|;'],
		['foo(|)', 'bar(1), baz(2))', 'foo(bar(1), baz(2))|'],
		['foo(|)', '")", b)', 'foo(")", b)|'],
		['if (|)', 'x > 0) {', 'if (x > 0) {|'],
		['const s = "|"', 'hello"', 'const s = "hello"|'],
		['const s = "|";', 'hello";', 'const s = "hello";|'],
		["f({ a: '|' })", "x', b: 'y' })", "f({ a: 'x', b: 'y' })|"],
		['[|]', '1, 2]', '[1, 2]|'],
		['x = { |}', 'a: 1 }', 'x = { a: 1 }|'],
		['x = { | }', 'a: 1 }', 'x = { a: 1 }|'],
		['function f() {|}', '\n\treturn 1;\n}', 'function f() {\n\treturn 1;\n}|'],
		['function f() {|}', '\n\treturn 1;', 'function f() {\n\treturn 1;\n}|'],
		['\tif (a) {|}', '\n\t\tb();', '\tif (a) {\n\t\tb();\n\t}|'],
		['for (const a of as|)', ') {', 'for (const a of as) {|'],
	],
	'ends the blocks that it opens': [
		['\t|', 'if (a) {\n\t\tb();', '\tif (a) {\n\t\tb();\n\t}|'],
		['\t|', 'if (a) {\n\t\tfor (;;) {\n\t\t\tb();', '\tif (a) {\n\t\tfor (;;) {\n\t\t\tb();\n\t\t}\n\t}|'],
		['\t|', 'if (a) {\n\t\tb();\n\t} else {\n\t\tc();', '\tif (a) {\n\t\tb();\n\t} else {\n\t\tc();\n\t}|'],
		['for (const a of as|)', ') {\n\ta();', 'for (const a of as) {\n\ta();\n}|'],
		['if (a) {|}', '\n\tb("{");', 'if (a) {\n\tb("{");\n}|'],
		['|', 'if a:\n    b()', 'if a:\n    b()|'],
		['return |', 'if (a) {', 'return if (a) {|'],
	],
	'ends where the text after the cursor begins': [
		['const x = | + 1;', 'y + 1;', 'const x = y| + 1;'],
		['foo(|, b)', 'a, b)', 'foo(a|, b)'],
	],
	'says nothing that is there already': [
		['foo(|)', ')', 'already-there'],
		['a();\n|\nb();', 'b();', 'already-there'],
		['a();\n|\nb();\nc();', 'x();\nb();', 'a();\nx();|\nb();\nc();'],
		['if (a) {\n\tb();\n|\n}', '\tc();\n}', 'if (a) {\n\tb();\n\tc();|\n}'],
		['const a = 1;\n|', 'const a = 1;', 'already-there'],
		['\tconst a = 1;\n\t|', 'const a = 1;', 'already-there'],
		['}\n|', '}', '}\n}|'],
	],
	'says nothing that is no text': [
		['a |', '', 'model-silent'],
		['a |', ' \n\t', 'model-silent'],
		['a |', '-='.repeat(40), 'repetitive'],
	],
	'drops white space at the end': [['a = |', '1;  \n\n', 'a = 1;|']],
};

describe('trim', () => {
	for (const [what, pictures] of Object.entries(cases)) {
		describe(what, () => {
			for (const [picture, answer, result] of pictures) {
				it(`${JSON.stringify(picture)} + ${JSON.stringify(answer.slice(0, 30))} → ${JSON.stringify(result)}`, () => {
					const request = at(picture);
					const trimmed = trim(answer, request);
					assert.equal('nothing' in trimmed ? trimmed.nothing.reason : accept(request, trimmed.completion), result);
				});
			}
		});
	}
});
