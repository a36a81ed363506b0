import type { Completion, CompletionRequest } from '../src/completion/completion.ts';

/** A request as a picture: `|` is the cursor, or `‸` in texts that have a `|` themselves. */
export function at(picture: string, options: Partial<CompletionRequest> = {}): CompletionRequest {
	const cursor = picture.search(picture.includes('‸') ? /‸/ : /\|/);
	if (cursor < 0) throw new Error(`No cursor in: ${picture}`);
	return {
		path: '/src/test.ts',
		languageId: 'typescript',
		prefix: picture.slice(0, cursor),
		suffix: picture.slice(cursor + 1),
		trigger: 'automatic',
		...options,
	};
}

/** The picture after a completion was accepted. */
export function accept({ prefix, suffix }: CompletionRequest, { text, replaces }: Completion): string {
	return `${prefix}${text}|${suffix.slice(replaces)}`;
}
