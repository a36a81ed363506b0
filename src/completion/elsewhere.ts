import type { Context } from '../context/context.ts';
import type { ContextSnippet } from '../context/snippet.ts';
import { isSecretPath } from '../secrets/files.ts';
import { withoutSecrets } from '../secrets/secrets.ts';
import type { ChooseContext } from './anchor.ts';
import { estimateTokens } from './tokens.ts';

/** Code from another file, as whoever asks has found it. */
export interface Elsewhere {
	readonly path: string;
	readonly text: string;
	/** The line where it begins there, 0-based. */
	readonly startLine?: number | undefined;
}

/** So much of it as there is room for: what comes last is nearest to the hole, and the first to be taken. */
export function contextFrom(path: string, elsewhere: readonly Elsewhere[], tokens: number): Context {
	const snippets: ContextSnippet[] = [];
	let left = tokens;
	for (const { path, text, startLine = 0 } of elsewhere.toReversed()) {
		if (isSecretPath(path)) continue;
		left -= estimateTokens(path) + estimateTokens(text);
		if (left < 0) break;
		const endLine = startLine + text.split('\n').length - 1;
		snippets.unshift({ path, text: withoutSecrets(text), startLine, endLine, source: 'view', score: 1 });
	}
	return { repository: '', path, snippets };
}

/** For the engine, which says how much room there is. What was chosen before stays as long as all that is wanted is in it. */
export function chosenFrom(elsewhere: () => readonly Elsewhere[]): ChooseContext {
	return ({ path }, _window, tokens, last) => {
		const wanted = contextFrom(path, elsewhere(), tokens);
		if (last?.path === path && wanted.snippets.every((snippet) => last.snippets.some((other) => isSame(snippet, other)))) return last;
		return wanted.snippets.length > 0 ? wanted : undefined;
	};
}

function isSame(one: ContextSnippet, other: ContextSnippet): boolean {
	return one.path === other.path && one.text === other.text;
}
