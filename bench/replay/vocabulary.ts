import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { template } from '../server/simulated-model.ts';
import { BytePairTokenizer, readVocabulary } from '../server/tokenizer.ts';

/** The tokenizer of deepseek-coder, from the folder with all data; undefined where that is not there. */
export async function readTokenizer(data: string): Promise<BytePairTokenizer | undefined> {
	const path = join(data, 'tokenizer', 'ggml-vocab-deepseek-coder.gguf');
	return existsSync(path) ? new BytePairTokenizer(await readVocabulary(path), template.specialTokens) : undefined;
}
