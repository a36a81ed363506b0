import assert from 'node:assert/strict';
import { languageFor } from '../../src/signature/languages/all.ts';
import { whyNoExpression } from '../../src/signature/one-expression.ts';
import { parserOf } from '../grammars.ts';

const expressions: Readonly<Record<string, readonly string[]>> = {
	typescript: [
		'1',
		'height',
		"'a, b'",
		'{ a: 1, b: [2] }',
		'(x) => x + 1',
		'a ? b : c',
		'<string>x',
		'async () => {}',
		'new Map<string, number>()',
	],
	typescriptreact: ['<b>x</b>', '`a, b`'],
	javascript: ['a?.b ?? 0', '/x,y/g', 'function () { return 1; }'],
	python: ['None', 'f"{a}, b"', 'lambda x: x', '[x for x in y]', 'a if b else c', '{"a": 1}', 'not a', 'await b()'],
	go: ['nil', '[]int{1, 2}', 'func() int { return 1 }', '&T{A: 1}', 'x.(string)'],
	java: ['null', 'List.of(1, 2)', 'x -> x + 1', 'M::g', 'new int[]{1, 2}', '(String) x'],
	rust: ['None', '&[1, 2]', '|x| x + 1', 'vec![1, 2]', 'S { a: 1 }', 'x as i64', 'f(1)?'],
	cpp: ['nullptr', '{1, 2}', '[](int a) { return a; }', 'std::vector<int>{1, 2}', 'a < b'],
	csharp: ['null', 'new[] { 1, 2 }', 'x => x + 1', 'ref x', '$"{a}, b"', 'default(int)', 'await F()'],
};

const others: Readonly<Record<string, readonly (readonly [text: string, why: RegExp])[]>> = {
	typescript: [
		['', /nothing yet/],
		['  ', /nothing yet/],
		['1 +', /parsed/],
		['1, 2', /more than one/],
		['1); g(2', /more than one/],
		['1 // one', /parsed/],
		['...xs', /many values/],
		['const a = 1', /parsed/],
		["'a", /parsed/],
		['a;', /parsed/],
		['let x: number', /parsed/],
	],
	python: [
		['x=1', /name of the parameter/],
		['*xs', /many values/],
		['**options', /many values/],
		['x for x in y', /parsed/],
		['return 1', /parsed/],
		['1, 2', /more than one/],
		['(', /parsed/],
	],
	go: [
		['xs...', /many values/],
		['x := 1', /parsed/],
		['1, 2', /more than one/],
	],
	java: [
		['int x', /parsed/],
		['1, 2', /more than one/],
		['x;', /parsed/],
	],
	rust: [
		['let x = 1', /parsed/],
		['1, 2', /more than one/],
		['&', /parsed/],
	],
	cpp: [
		['1, 2', /more than one/],
		['1 +', /parsed/],
	],
	csharp: [
		['x: 1', /name of the parameter/],
		['1, 2', /more than one/],
	],
};

describe('what every caller is to be given is one expression', () => {
	const whyNot = async (languageId: string, text: string) => {
		const language = languageFor(languageId);
		assert.ok(language);
		return whyNoExpression(text, language, await parserOf(languageId));
	};
	for (const [languageId, texts] of Object.entries(expressions))
		for (const text of texts) it(`${languageId}: ${text}`, async () => assert.equal(await whyNot(languageId, text), undefined));
	for (const [languageId, rows] of Object.entries(others))
		for (const [text, why] of rows)
			it(`${languageId}, not: ${text}`, async () => assert.match((await whyNot(languageId, text)) ?? '', why));
});
