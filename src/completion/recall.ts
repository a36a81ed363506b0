import { hasSecret, placeholder } from '../secrets/secrets.ts';
import type { CompletionRequest } from './completion.ts';
import { isOnlyClosers, lineRest } from './gate.ts';

/** Shorter beginnings of lines say too little: on recorded typing 2 of 10 recalled lines are right from 8 characters on, 3 of 10 from 12, 5 of 10 from 20. */
const leastTyped = 12;
/** Where less than this is left, typing is faster than reading. */
const leastLeft = 3;

/**
 * What follows the beginning of the current line wherever else it occurs, if that is always the same: `if (a !== b) ret|` → `urn;`.
 * Costs no model.
 */
export function recall({ prefix, suffix, variant }: CompletionRequest, texts: Iterable<string>): string | undefined {
	// Who wants to choose has seen that one.
	if (variant !== undefined) return undefined;
	const head = prefix.slice(prefix.lastIndexOf('\n') + 1).trimStart();
	if (head.trimEnd().length < leastTyped || !isOnlyClosers(lineRest(suffix))) return undefined;
	let found: string | undefined;
	for (const text of texts) {
		for (const continuation of continuations(head, text)) {
			if (found !== undefined && found !== continuation) return undefined;
			found = continuation;
		}
	}
	if (found === undefined || found.length < leastLeft) return undefined;
	// A secret of another text, or what stands for one of this.
	return hasSecret(head + found) || found.includes(placeholder) ? undefined : found;
}

function* continuations(head: string, text: string): Generator<string> {
	for (let at = text.indexOf(head); at >= 0; at = text.indexOf(head, at + head.length)) {
		const lineStart = text.lastIndexOf('\n', at - 1) + 1;
		if (at > 0 && text.slice(lineStart, at).trim() !== '') continue;
		const lineEnd = text.indexOf('\n', at);
		const rest = text.slice(at + head.length, lineEnd < 0 ? undefined : lineEnd).trimEnd();
		if (rest !== '') yield rest;
	}
}
