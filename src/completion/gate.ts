import { isSecretPath } from '../secrets/files.ts';
import { isInComment } from './comment.ts';
import type { CompletionRequest, Nothing } from './completion.ts';
import type { Eagerness } from './shape.ts';

/** What the user wants of completions. */
export interface CompletionPolicy {
	readonly enabled: boolean;
	/** Whether typing asks for completions, or only the command does. */
	readonly trigger: 'automatic' | 'manual';
	/** By language, as VS Code names them; `*` stands for all others. */
	readonly languages: Readonly<Record<string, boolean>>;
	/** Whether to complete comments. */
	readonly comments: boolean;
	readonly eagerness: Eagerness;
	/** Why nothing is completed for a while, as long as that lasts. */
	readonly pause?: Nothing | undefined;
	/** Whether a text is one that the user keeps from models; never waits to find out. */
	readonly isIgnored?: (path: string) => boolean | 'unknown';
	/** Resolves when that is known. */
	readonly untilKnown?: (path: string, signal: AbortSignal) => Promise<void>;
}

/** For callers whose users have set nothing. */
export const everything: CompletionPolicy = { enabled: true, trigger: 'automatic', languages: {}, comments: true, eagerness: 'auto' };

/** Lines beyond this are data, not code; neither people nor models complete them. */
export const longestLine = 10_000;

/** Whether to ask at all: the reason not to, or undefined. Asked on demand, only what protects the user stands in the way. */
export function gate(request: CompletionRequest, policy: CompletionPolicy): Nothing | undefined {
	return unsafe(request, policy) ?? (request.trigger === 'manual' ? undefined : (unwanted(request, policy) ?? illPlaced(request, policy)));
}

/** What may never be sent, or would make the machine suffer. */
export function unsafe(request: CompletionRequest, { isIgnored }: CompletionPolicy): Nothing | undefined {
	if (isSecretPath(request.path)) return { reason: 'secret-file' };
	const ignored = isIgnored?.(request.path) ?? false;
	if (ignored) return { reason: ignored === 'unknown' ? 'rules-unread' : 'ignored-file' };
	if (request.isAtSecret) return { reason: 'in-secret' };
	return currentLine(request).length > longestLine ? { reason: 'long-line' } : undefined;
}

/** What the user does not want while typing. */
export function unwanted({ languageId }: { readonly languageId: string }, policy: CompletionPolicy): Nothing | undefined {
	if (!policy.enabled) return { reason: 'disabled' };
	if (!(policy.languages[languageId] ?? policy.languages['*'] ?? true)) return { reason: 'language-off', detail: languageId };
	return policy.trigger === 'manual' ? { reason: 'manual-only' } : policy.pause;
}

/** Where there is nothing to go on from, or the user wants nothing. */
function illPlaced(request: CompletionRequest, { comments }: CompletionPolicy): Nothing | undefined {
	if (request.prefix.trim() === '') return { reason: 'nothing-before-cursor' };
	return !comments && isInComment(request.prefix, request.languageId) ? { reason: 'in-comment' } : undefined;
}

/** What stands between the cursor and the end of its line. */
export function lineRest(suffix: string): string {
	const end = suffix.indexOf('\n');
	return end < 0 ? suffix : suffix.slice(0, end);
}

/** Where people look and point, and seldom type next. */
export function isBeforeWord({ suffix }: { readonly suffix: string }): boolean {
	return /^[\p{L}\p{N}_$]/u.test(suffix);
}

/** Whether text follows on the cursor's line that an answer has to lead up to. */
export function leadsToText({ suffix }: { readonly suffix: string }): boolean {
	return !isOnlyClosers(lineRest(suffix));
}

/** What an editor puts after the cursor by itself: closing brackets, quotes and tags, and what ends a statement. */
export function isOnlyClosers(rest: string): boolean {
	return /^([\s)\]}>'"`;,:]|<\/[\w:.-]*>)*$/.test(rest);
}

function currentLine({ prefix, suffix }: CompletionRequest): string {
	return prefix.slice(prefix.lastIndexOf('\n') + 1) + lineRest(suffix);
}
