import assert from 'node:assert/strict';
import { Grammars } from '../../src/grammar/grammars.ts';
import type { SyntaxNode } from '../../src/grammar/syntax.ts';
import { grammars, parserOf } from '../grammars.ts';

/** A call in each language that there is a grammar for, and the type of its node. */
const calls: readonly (readonly [languageId: string, text: string, type: string])[] = [
	['typescript', 'f<number>(1);', 'call_expression'],
	['typescriptreact', '<F a={f(1)} />;', 'call_expression'],
	['javascript', 'f(1);', 'call_expression'],
	['javascriptreact', '<F a={f(1)} />;', 'call_expression'],
	['python', 'f(1)', 'call'],
	['go', 'package p\nvar a = f(1)', 'call_expression'],
	['java', 'class A { int a = f(1); }', 'method_invocation'],
	['rust', 'fn g() { f(1); }', 'call_expression'],
	['c', 'int g() { return f(1); }', 'call_expression'],
	['cpp', 'int g() { return f(1); }', 'call_expression'],
	['csharp', 'class A { int a = F(1); }', 'invocation_expression'],
];

/** The tree with everything that can differ, to compare two. */
function shape(node: SyntaxNode): string {
	const { type, startIndex, endIndex, hasError } = node;
	return `${type}[${startIndex},${endIndex}]${hasError ? '!' : ''}(${node.children.map(shape).join(' ')})`;
}

describe('grammars', () => {
	for (const [languageId, text, type] of calls) {
		it(`parse ${languageId}`, async () => {
			using tree = (await parserOf(languageId))(text);
			assert.equal(tree.root.hasError, false);
			assert.equal(tree.root.descendantsOfType(type).length, 1);
		});
	}

	it('know only these', async () => {
		assert.equal(await grammars.parser('plaintext'), undefined);
		assert.equal(await grammars.parser('toString'), undefined);
	});

	it('say which file is missing', async () => {
		await assert.rejects(new Grammars('/nowhere/grammars').parser('python'), /\/nowhere\/grammars/);
	});

	it('count in UTF-16 code units', async () => {
		const text = '"🎉é"; f(1);\r\n\tf(2);';
		using tree = (await parserOf('typescript'))(text);
		const found = tree.root.descendantsOfType('call_expression');
		assert.deepEqual(
			found.map(({ startIndex, endIndex }) => text.slice(startIndex, endIndex)),
			['f(1)', 'f(2)'],
		);
	});

	it('parse an edited text as if it were new', async () => {
		const parse = await parserOf('typescript');
		let text = 'function f(a: number) {\r\n\treturn "🎉" + a;\r\n}\r\nf(1);\n'.repeat(5);
		let tree = parse(text);
		const random = generator(7);
		for (let round = 0; round < 60; round++) {
			const start = random(text.length);
			const end = Math.min(text.length, start + random(6));
			const inserted = ['', 'a', '(', ', b: string', '}\n', '"', '🎉'][random(7)] ?? '';
			const next = tree.edited(start, end, inserted);
			tree[Symbol.dispose]();
			tree = next;
			text = text.slice(0, start) + inserted + text.slice(end);
			using full = parse(text);
			assert.equal(tree.root.text, text);
			// Where there are errors, what is kept of the old tree may lead to another way out of them.
			if (!full.root.hasError) assert.equal(shape(tree.root), shape(full.root));
		}
		tree[Symbol.dispose]();
	});
});

/** Numbers below a bound, the same ones every time. */
function generator(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
		return Math.floor((state / 2_147_483_648) * below);
	};
}
