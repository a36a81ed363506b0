import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { Grammars } from '../src/grammar/grammars.ts';
import type { Parse } from '../src/grammar/syntax.ts';

/** Those that the tests were bundled with. */
export const grammarFolder = resolve('out/test/grammars');

/** Loaded once, by whoever needs a language first. */
export const grammars = new Grammars(grammarFolder);

export async function parserOf(languageId: string): Promise<Parse> {
	const parse = await grammars.parser(languageId);
	assert.ok(parse, `There is no grammar for ${languageId}.`);
	return parse;
}
