import type { CompletionRequest } from './completion.ts';
import { leadsToText, lineRest } from './gate.ts';

/**
 * Three characters other than white space, and the rest of a word. Less comes in an answer by chance; more would have to be said exactly as it
 * stands there.
 */
const beginning = /^(\s*\S){1,3}[\p{L}\p{N}_$]*/u;
const isShort = /^(\s*\S){0,2}$/;

/**
 * What an answer to typing in the middle of a line has to come to: the beginning of what stands there. Undefined at the end of a line.
 * A model that is right goes on with that, and one that does not is wrong (decision 9).
 */
export function landmarkAt(request: CompletionRequest): string | undefined {
	return request.trigger === 'automatic' && leadsToText(request) ? beginning.exec(lineRest(request.suffix).trim())?.[0] : undefined;
}

/** Where a line comes to it, or -1. One that is short has to be all that follows. */
export function whereItComes(landmark: string, line: string, isOver: boolean): number {
	if (!isShort.test(landmark)) return line.indexOf(landmark);
	return isOver && line.trimEnd().endsWith(landmark) ? line.trimEnd().length - landmark.length : -1;
}
