import type { Context } from '../context/context.ts';
import type { FimTemplate } from '../model/fim.ts';
import { commentedOut } from './comment-out.ts';

/** How context stands in a prompt: in front of everything, and as the beginning of the text before the hole. */
export interface ContextHead {
	readonly outside: string;
	readonly inside: string;
}

/**
 * Context as the family of the model knows it: files of the same repository where it was trained with those, else comments in front of the
 * text, which no model takes for code of the file itself.
 */
export function contextHead(
	context: Context | undefined,
	languageId: string,
	{ repository }: Pick<FimTemplate, 'repository'>,
): ContextHead {
	if (!context || context.snippets.length === 0) return { outside: '', inside: '' };
	if (repository) return { outside: repository(context.repository, context.snippets, context.path), inside: '' };
	const blocks = context.snippets.map(({ path, text }) => `${commentedOut(`Path: ${path}\n${text}`, languageId)}\n`);
	return { outside: '', inside: `${blocks.join('\n')}\n` };
}
