import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readGguf } from '../../src/model/gguf.ts';
import { gguf } from '../gguf.ts';
import { asOrdinaryUser } from '../ordinary-user.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const header = {
	'general.architecture': 'qwen2',
	'general.name': 'Qwen2.5 Coder',
	'general.basename': 'Qwen2.5-Coder',
	'qwen2.context_length': 32_768,
	'qwen2.block_count': 24,
	'qwen2.embedding_length': 896,
	'qwen2.attention.head_count': 14,
	'qwen2.attention.head_count_kv': 2,
	'tokenizer.ggml.tokens': ['!', '<|endoftext|>', '<|fim_prefix|>', '<|fim_middle|>', '<|fim_suffix|>', 'fim_prefix'],
	'tokenizer.ggml.token_type': [1, 3, 3, 3, 3, 1],
};

async function read(bytes: Buffer) {
	await using folder = await TemporaryFolder.create();
	const path = join(folder.path, 'chosen.gguf');
	await writeFile(path, bytes);
	return await readGguf(path);
}

describe('looking into a GGUF file', () => {
	it('reads what model it is', async () => {
		const bytes = gguf(header);
		assert.deepEqual(await read(bytes), {
			architecture: 'qwen2',
			name: 'Qwen2.5 Coder',
			basename: 'Qwen2.5-Coder',
			contextLength: 32_768,
			stateBytesPerToken: 12_288,
			fimTokens: ['<|fim_prefix|>', '<|fim_middle|>', '<|fim_suffix|>'],
			bytes: bytes.length,
		});
	});

	it('knows the holes of other families from ordinary tokens', async () => {
		const tokens = ['<｜fim▁hole｜>', '<fim_prefix>', '▁<PRE>', '[SUFFIX]', '<|file_sep|>', '<PREFIX', 'fim', '[INST]'];
		const { fimTokens } = await read(gguf({ 'general.architecture': 'llama', 'tokenizer.ggml.tokens': tokens }));
		assert.deepEqual(fimTokens, tokens.slice(0, 4));
	});

	it('does without what an old file does not say', async () => {
		const { name, contextLength, stateBytesPerToken, fimTokens } = await read(gguf({ 'general.architecture': 'llama' }, { version: 2 }));
		assert.deepEqual([name, contextLength, stateBytesPerToken, fimTokens], [undefined, undefined, undefined, []]);
	});

	it('knows what the state takes also where heads share nothing, or have a length of their own', async () => {
		const llama = { 'llama.block_count': 32, 'llama.embedding_length': 4096, 'llama.attention.head_count': 32 };
		const own = { 'llama.attention.key_length': 192, 'llama.attention.value_length': 128 };
		const stateOf = async (values: Record<string, number>) =>
			(await read(gguf({ 'general.architecture': 'llama', ...values }))).stateBytesPerToken;
		assert.equal(await stateOf(llama), 524_288);
		assert.equal(await stateOf({ ...llama, ...own }), 2 * 32 * 32 * 320);
	});

	it('reads a vocabulary that is longer than what is read at once', async () => {
		const tokens = Array.from({ length: 20_000 }, (_, index) => `${'token '.repeat(12)}${index}`);
		const { fimTokens } = await read(gguf({ ...header, 'tokenizer.ggml.tokens': [...tokens, '<fim_prefix>'] }));
		assert.deepEqual(fimTokens, ['<fim_prefix>']);
	});

	it('refuses what is cut off, wherever', async () => {
		const bytes = gguf(header, { weights: 2 });
		await read(bytes);
		for (const length of [5, 7, 20, 60, bytes.length - 200, bytes.length - 100, bytes.length - 1])
			await assert.rejects(read(bytes.subarray(0, length)), { name: 'GgufError', code: 'damaged' }, `${length} of ${bytes.length}`);
	});

	it('refuses what makes no sense', async () => {
		const damaged = (offset: number) => {
			const bytes = gguf(header);
			bytes.writeBigUInt64LE(2n ** 60n, offset);
			return bytes;
		};
		for (const offset of [8, 16, 24]) await assert.rejects(read(damaged(offset)), { code: 'damaged' });
	});

	it('says what else is wrong', async () => {
		await using folder = await TemporaryFolder.create();
		const unreadable = join(folder.path, 'secret.gguf');
		await writeFile(unreadable, gguf(header));
		await chmod(unreadable, 0);
		await mkdir(join(folder.path, 'folder.gguf'));
		await assert.rejects(read(Buffer.alloc(0)), { code: 'damaged', message: /is empty/ });
		await assert.rejects(read(Buffer.from('GG')), { code: 'not-gguf' });
		await assert.rejects(read(Buffer.from('PK\x03\x04 this is a zip file')), { code: 'not-gguf', message: /not a GGUF file/ });
		await assert.rejects(read(gguf(header, { version: 1 })), { code: 'unsupported', message: /version 1/ });
		await assert.rejects(read(gguf(header, { version: 0x03000000 })), { code: 'unsupported', message: /byte order/ });
		await assert.rejects(read(gguf(header, { weights: 0 })), { code: 'unsupported', message: /no weights/ });
		await assert.rejects(read(gguf({ 'general.name': 'x' })), { code: 'unsupported' });
		await assert.rejects(readGguf(join(folder.path, 'nothing.gguf')), { code: 'missing' });
		await assert.rejects(readGguf(join(folder.path, 'folder.gguf')), { code: 'not-a-file' });
		await asOrdinaryUser(() => assert.rejects(readGguf(unreadable), { code: 'no-permission' }));
	});
});
