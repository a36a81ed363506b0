import type { Context } from '../context/context.ts';
import { isSecretPath } from '../context/secret-files.ts';
import { withoutSecrets } from '../context/secrets.ts';
import type { ContextSnippet } from '../context/snippet.ts';
import type { ChooseContext } from './anchor.ts';
import { estimateTokens } from './tokens.ts';

/** Code from another file, as whoever asks has found it. */
export interface Elsewhere {
	readonly path: string;
	readonly text: string;
}

/** So much of it as there is room for: what comes last is nearest to the hole, and the first to be taken. */
export function contextFrom(path: string, elsewhere: readonly Elsewhere[], tokens: number): Context {
	const snippets: ContextSnippet[] = [];
	let left = tokens;
	for (const { path, text } of elsewhere.toReversed()) {
		if (isSecretPath(path)) continue;
		left -= estimateTokens(path) + estimateTokens(text);
		if (left < 0) break;
		const endLine = text.split('\n').length - 1;
		snippets.unshift({ path, text: withoutSecrets(text), startLine: 0, endLine, source: 'view', score: 1 });
	}
	return { repository: '', path, snippets };
}

/** For the engine, which says how much room there is. */
export function chosenFrom(elsewhere: readonly Elsewhere[]): ChooseContext {
	return ({ path }, _window, tokens) => contextFrom(path, elsewhere, tokens);
}
