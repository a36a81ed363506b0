import assert from 'node:assert/strict';
import { cut, type Shape } from '../../src/completion/cut.ts';
import { fimTemplate } from '../../src/model/fim.ts';

const line: Shape = { maxLines: 1, opensBlock: false, indent: 0 };
const block: Shape = { maxLines: 10, opensBlock: false, indent: 4 };
const opened: Shape = { maxLines: 10, opensBlock: true, indent: 0 };
const tokens = ['<|endoftext|>', '<|fim_middle|>'];

/** `¦` marks where the answer is cut; without it all of it is kept. */
const cases: Record<string, [shape: Shape, answer: string][]> = {
	'a line': [
		[line, 'a + b;¦\nreturn c;'],
		[line, 'a + b;'],
		[line, '¦\nreturn c;'],
		[line, 'a¦<|endoftext|>b'],
	],
	'a block on an empty line': [
		[block, 'a();\n\tb();\n\tif (c) {\n\t\td();\n\t}¦\n}'],
		[block, 'a();¦\n\n\tb();'],
		[block, 'a();\n\tb();¦\nfunction f() {}'],
		[{ ...block, maxLines: 2 }, 'a();\n\tb();¦\n\tc();'],
	],
	'a block that opens at the cursor': [
		[opened, '\n\treturn 1;\n}¦\n\nfoo();'],
		[opened, '\n\treturn 1;\n});¦\nfoo();'],
		[opened, '\n    return 1¦\nfoo()\n'],
		[opened, ' a, b }¦\nfoo();\n'],
		[{ ...opened, maxLines: 1 }, '\n\treturn 1;¦\n}'],
	],
	'what repeats itself': [[block, 'a();\n\ta();¦\n\ta();\n\ta();']],
};

describe('cut', () => {
	for (const [what, examples] of Object.entries(cases)) {
		for (const [shape, example] of examples) {
			it(`${what}: ${JSON.stringify(example)}`, () => {
				const [kept, rest] = example.split('¦');
				const raw = example.replace('¦', '');
				assert.equal(cut(raw, shape, tokens, true).text, kept);
				assert.equal(streamed(raw, shape), kept, 'as it arrives');
				if (rest?.includes('\n') && !rest.startsWith('\n\n')) assert.ok(cut(raw, shape, tokens, false).isComplete, 'the stream can end');
			});
		}
	}

	it('ends at nothing that may be code, whatever the model', () => {
		const code = 'a // b\n\t/src/ t. ``x`` <b> <a|b> [c] <d_e> #- coding: utf-8 |> <| 1 </s \\ @@ ##';
		for (const name of ['deepseek-coder', 'qwen2.5-coder', 'starcoder2', 'codellama:7b-code', 'codegemma:2b', 'codestral']) {
			const template = fimTemplate({ name, canInsert: false });
			assert.ok(template, name);
			assert.equal(cut(code, { ...block, indent: 0 }, template.specialTokens, true).text, code, name);
			assert.deepEqual(
				template.stop.filter((stop) => code.includes(stop)),
				[],
				name,
			);
		}
	});

	it('leaves out the last of several lines when the model had no room for more', () => {
		assert.equal(cut('a();\n\tb(', block, tokens, true, true).text, 'a();');
		assert.equal(cut('a(', block, tokens, true, true).text, 'a(');
		assert.equal(cut('\n\ta(', opened, tokens, true, true).text, '\n\ta(');
	});

	it('never takes back what it let through', () => {
		for (const [shape, example] of Object.values(cases).flat()) {
			const raw = example.replace('¦', '');
			const final = cut(raw, shape, tokens, true).text;
			for (let length = 0; length < raw.length; length++) {
				const early = cut(raw.slice(0, length), shape, tokens, false);
				if (early.isComplete) assert.equal(early.text, final);
			}
		}
	});
});

/** What is left when the answer comes one character at a time and is ended as early as possible. */
function streamed(raw: string, shape: Shape): string {
	for (let length = 0; length <= raw.length; length++) {
		const { text, isComplete } = cut(raw.slice(0, length), shape, tokens, false);
		if (isComplete) return text;
	}
	return cut(raw, shape, tokens, true).text;
}
