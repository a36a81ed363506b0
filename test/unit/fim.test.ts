import assert from 'node:assert/strict';
import { fimTemplate } from '../../src/model/fim.ts';

const named = (name: string, basename?: string, canInsert = false) => fimTemplate({ name, basename, canInsert });

describe('fill-in-the-middle templates', () => {
	const exact: [name: string, prompt: string][] = [
		['deepseek-coder:6.7b-base', '<｜fim▁begin｜>P<｜fim▁hole｜>S<｜fim▁end｜>T'],
		['deepseek-coder-v2:16b-lite-base', '<｜fim▁begin｜>P<｜fim▁hole｜>S<｜fim▁end｜>T'],
		['qwen2.5-coder:0.5b', '<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>T'],
		['hf.co/Qwen/Qwen2.5-Coder-7B-GGUF:Q4_K_M', '<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>T'],
		['qwen3-coder:30b', '<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>T'],
		['granite4:tiny-h', '<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>T'],
		['starcoder2:3b', '<fim_prefix>P<fim_suffix>S<fim_middle>T'],
		['stable-code:3b-code', '<fim_prefix>P<fim_suffix>S<fim_middle>T'],
		['codellama:7b-code', '<PRE> P <SUF>S <MID>T'],
		['codegemma:2b', '<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>T'],
		['codestral:22b', '[SUFFIX]S[PREFIX]PT'],
	];
	for (const [name, prompt] of exact) {
		it(`${name} → ${prompt}`, () => assert.equal(named(name)?.render('P', 'S', 'T').prompt, prompt));
	}

	it('knows a renamed model by what its file says of itself', () => {
		assert.equal(named('my-model', 'Qwen2.5-Coder')?.family, 'qwen-coder');
	});

	for (const name of ['llama3:8b', 'mistral', 'codellama:7b-python', 'codellama:34b-code', 'codegemma:7b-instruct']) {
		it(`never guesses: ${name} is refused`, () => assert.equal(named(name), undefined));
	}

	it('leaves families it does not know to the server, if that can insert', () => {
		const template = named('new-coder:1b', 'New', true);
		assert.deepEqual(template?.render('P', 'S', 'T'), { prompt: 'PT', suffix: 'S' });
		assert.deepEqual(template?.render('P', '', 'T'), { prompt: 'PT', suffix: '\n' }, 'an empty suffix would become a chat');
	});

	it('sends no stop that is ordinary code, and at most its tokens', () => {
		for (const [name] of exact) {
			for (const stop of named(name)?.stop ?? []) assert.match(stop, /^[<[]/);
		}
	});
});
