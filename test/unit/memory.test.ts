import assert from 'node:assert/strict';
import type { CompletionRequest } from '../../src/completion/completion.ts';
import { type Answer, Memory } from '../../src/completion/memory.ts';
import { trim } from '../../src/completion/trim.ts';
import { accept, at } from '../picture.ts';

function answer(text: string, trigger: Answer['trigger'] = 'automatic'): Answer {
	return {
		result: text === '' ? { reason: 'model-silent' } : { text, replaces: 0 },
		trigger,
		model: 'm',
		prompt: 'p',
		firstTokenAt: 0,
		usage: { promptTokens: null, completionTokens: null },
	};
}

/** Empty when it is known that there is nothing. */
function textOf(answer: Answer | undefined): string | undefined {
	return answer && ('text' in answer.result ? answer.result.text : '');
}

describe('memory', () => {
	const found: [stored: string, text: string, asked: string, left: string | undefined][] = [
		['return |', 'a + b;', 'return |', 'a + b;'],
		['return |', 'a + b;', 'return a |', '+ b;'],
		['return |', 'a + b;', 'return a + b;|', undefined],
		['return |', 'a + b;', 'return x|', undefined],
		['return |', 'a + b;', 'retur|', undefined],
		['|', 'foo(a)', 'foo(|)', 'a)'],
		['f() {|}\nx', '\n\treturn 1;\n}', 'f() {\n\tret|\n}\nx', 'urn 1;'],
		['<p>|</p>\nx', '\n\ta\n</p>', '<p>\n\t|\n</p>\nx', 'a'],
		['return |\nx', 'a;', 'return |\ny', undefined],
		['return |', '', 'return |', ''],
		['return |', '', 'return x|', undefined],
		['slot.| = item;', 'value = item;', 'slot.va| = item;', 'lue'],
		['slot| = item;', '(a) = item;', 'slot(|) = item;', 'a)'],
		['slot.| = item;', 'value;', 'slot.| = item;', ''],
		['slot.| = item;', 'value;', 'slot.|', undefined],
	];
	for (const [stored, text, asked, left] of found) {
		it(`${JSON.stringify(stored)} + ${JSON.stringify(text)}, asked at ${JSON.stringify(asked)} → ${JSON.stringify(left)}`, () => {
			const memory = new Memory();
			memory.store(at(stored), { ...answer(''), result: trim(text, at(stored)) });
			assert.equal(textOf(memory.find(at(asked))), left);
		});
	}

	describe('of what is seen while the editor closes brackets by itself', () => {
		const typed: [stored: string, text: string, ...steps: (readonly [asked: string, seen: string])[]][] = [
			[
				'{\n\treturn {|\n}',
				'\n\t\ta,\n\t\tb,',
				['{\n\treturn {|}\n}', '{\n\treturn {\n\t\ta,\n\t\tb,\n\t}|\n}'],
				['{\n\treturn {\n\t\t|\n\t}\n}', '{\n\treturn {\n\t\ta,\n\t\tb,|\n\t}\n}'],
			],
			[
				'class |\n',
				'A {\n\ta;',
				['class A {|}\n', 'class A {\n\ta;\n}|\n'],
				['class A {\n\t|}\n', 'class A {\n\ta;\n}|\n'],
				['class A {\n\ta|}\n', 'class A {\n\ta;\n}|\n'],
				['class A {\n\ta|\n', 'class A {\n\ta;\n}|\n'],
			],
			['foo|;', '(a, b)', ['foo(|);', 'foo(a, b)|;'], ['foo(a|);', 'foo(a, b)|;'], ['foo(a|;', 'foo(a, b)|;']],
		];
		for (const [stored, text, ...steps] of typed) {
			it(`${JSON.stringify(stored)} + ${JSON.stringify(text)} stays what it is`, () => {
				const memory = new Memory();
				memory.store(at(stored), { ...answer(''), result: { text, replaces: 0 } });
				for (const [asked, seen] of steps) {
					const result = memory.find(at(asked))?.result;
					assert.equal(result && 'text' in result ? accept(at(asked), result) : undefined, seen, asked);
				}
			});
		}
	});

	it('tells files apart', () => {
		const memory = new Memory();
		memory.store(at('return |'), answer('a'));
		assert.equal(memory.find(at('return |', { path: '/other.ts' })), undefined);
	});

	it('does not answer a question on demand with what typing asked for', () => {
		const memory = new Memory();
		const manual: Partial<CompletionRequest> = { trigger: 'manual' };
		memory.store(at('return |'), answer('a'));
		assert.equal(memory.find(at('return |', manual)), undefined);
		memory.store(at('return |', manual), answer('a;\nb;', 'manual'));
		assert.equal(textOf(memory.find(at('return |', manual))), 'a;\nb;');
		assert.equal(textOf(memory.find(at('return |'))), 'a;\nb;');
	});

	it('keeps the hundred answers used last', () => {
		const memory = new Memory();
		for (let i = 0; i < 100; i++) memory.store(at(`${i} |`), answer('x'));
		assert.ok(memory.find(at('0 |')));
		memory.store(at('100 |'), answer('x'));
		assert.ok(memory.find(at('0 |')), 'used a moment ago');
		assert.equal(memory.find(at('1 |')), undefined, 'the oldest');
	});
});
