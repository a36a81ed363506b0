import type { Edit } from '../traces/trace.ts';

/** Text that takes the place of a stretch of a document. */
export interface Suggestion {
	readonly start: number;
	readonly end: number;
	readonly text: string;
}

/** The suggestion after an edit of the document; undefined when the edit was not within it. (`InlineSuggestionItem.withEdit`) */
export function afterEdit({ start, end, text }: Suggestion, { changes }: Edit): Suggestion | undefined {
	const [change, ...others] = changes;
	if (!change || others.length > 0 || change.offset < start || change.offset + change.removed > end) return undefined;
	return { start, end: end + change.text.length - change.removed, text };
}

/**
 * What of a suggestion is to be seen as ghost text: what is there already is left out at its beginning, and once further on, where the editor
 * closed a bracket by itself. Undefined when what is there is not part of it. (`inlineCompletionIsVisible`, `computeGhostText`)
 */
export function ghostOf({ start, end, text }: Suggestion, document: string, cursor: number): string | undefined {
	const there = document.slice(start, end);
	let common = 0;
	while (common < there.length && common < text.length && there[common] === text[common]) common++;
	const rest = text.slice(common);
	const left = there.slice(common);
	const at = rest.lastIndexOf(left);
	if (cursor !== start + common || at < 0) return undefined;
	return rest.slice(0, at) + rest.slice(at + left.length) || undefined;
}
