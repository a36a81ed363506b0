import assert from 'node:assert/strict';
import type { Order } from '../../src/completion/order.ts';
import { buildPrompt, promptAt, warmPrompt } from '../../src/completion/prompt.ts';
import { Said } from '../../src/completion/said.ts';
import { windowAt } from '../../src/completion/window.ts';
import { fimTemplate } from '../../src/model/fim.ts';
import type { ModelFacts } from '../../src/model/language-model.ts';
import { at } from '../picture.ts';

const template = fimTemplate({ name: 'starcoder2:3b', canInsert: false });
assert.ok(template);
const facts: ModelFacts = { name: 'starcoder2:3b', template, contextLength: 4096, canConstrain: false, speed: {} };

/** P, S and M stand for the three tokens, `·` for what the answer must begin with. */
function promptFor(picture: string, options: Partial<ModelFacts> = {}, trigger: 'automatic' | 'manual' = 'automatic'): string {
	const request = at(picture, { trigger });
	const { text, given } = buildPrompt(windowAt(request, undefined, 450), request, { ...facts, ...options });
	const short = text.replace('<fim_prefix>', 'P').replace('<fim_suffix>', 'S').replace('<fim_middle>', 'M');
	return given === '' ? short : `${short}·${given}`;
}

describe('prompt', () => {
	const pictures: [what: string, picture: string, prompt: string, options?: Partial<ModelFacts>, trigger?: 'manual'][] = [
		['what was typed comes last', 'a\nb\nc\nd\nfoo(|)\ne', 'Pa\nS\neMb\nc\nd\nfoo('],
		['an end tag after the cursor is left to the answer', 'a\nb\nc\nd\n<p>|</p>\ne', 'Pa\nS\neMb\nc\nd\n<p>'],
		['the space before a word belongs to the word', 'a\nb\nc\nd\nreturn |\ne', 'Pa\nS\neMb\nc\nd\nreturn· '],
		['so does the last tab of an indentation', 'a\nb\nc\nd\n\t\t|\ne', 'Pa\nS\neMb\nc\nd\n\t·\t'],
		['inside a word the model goes on from its start', 'a\nb\nc\nd\nx = valu|\ne', 'Pa\nS\neMb\nc\nd\nx =· valu'],
		['inside a word, for an engine that can be forced', 'a\nb\nc\nd\nx = valu|\ne', 'Pa\nS\neMb\nc\nd\nx =· valu', { canConstrain: true }],
		['in the middle of a line the rest of it is part of the prompt', 'a\nb\nc\nd\nx = | + 1;\ne', 'Pa\nS + 1;\neMb\nc\nd\nx =· '],
		['also inside a word', 'a\nb\nc\nd\nx = val| + 1;\ne', 'Pa\nS + 1;\neMb\nc\nd\nx =· val'],
		['and on demand', 'a\nb\nc\nd\nx = | + 1;\ne', 'Pa\nS + 1;\neMb\nc\nd\nx =· ', {}, 'manual'],
	];
	for (const [what, picture, prompt, options, trigger] of pictures) {
		it(`${what}: ${JSON.stringify(picture)}`, () => assert.equal(promptFor(picture, options, trigger), prompt));
	}

	it('has its hole at the cursor when the model says another word: "x = valu|"', () => {
		const request = at('a\nb\nc\nd\nx = valu|\ne');
		const window = windowAt(request, undefined, 450);
		const said = new Said();
		const asked = promptAt(window, request, facts, said);
		const answers: [raw: string, isWhole: boolean, order: Order][] = [
			[' val', false, 'word'],
			[' value;', true, 'word'],
			[' val', true, 'plain'],
			[' other', false, 'plain'],
		];
		for (const [raw, isWhole, order] of answers) {
			said.add(asked, raw, isWhole);
			const { text, given } = promptAt(window, request, facts, said);
			const plain = { text: '<fim_prefix>a\nb\nc\nd\nx = valu<fim_suffix>\ne<fim_middle>', given: '' };
			assert.deepEqual({ text, given }, order === 'plain' ? plain : { text: asked.text, given: ' valu' }, raw);
		}
	});

	it('only grows while the anchor holds', () => {
		const typed = 'foo(bar, baz) + ';
		let window = windowAt(at('a\nb\nc\nd\n|\ne'), undefined, 450);
		let last = warmPrompt(window, 'typescript', facts).text;
		for (const length of [4, 9, 15]) {
			const request = at(`a\nb\nc\nd\n${typed.slice(0, length)}|\ne`);
			window = windowAt(request, window, 450);
			const { text } = buildPrompt(window, request, facts);
			assert.ok(text.startsWith(last), `${text} extends ${last}`);
			last = text;
		}
	});

	it('code that holds special tokens is not taken for a prompt', () => {
		const prompt = promptFor('a\n"<fim_suffix>"\nfoo(|');
		assert.equal(prompt, 'PS' + 'Ma\n"< fim_suffix>"\nfoo(');
	});
});
