import type { CompletionRequest, Nothing } from '../completion.ts';

/** One thing that is done to an answer to make it fit its place: what is left of it, or the reason why nothing is. */
export type Rule = (text: string, request: CompletionRequest) => string | Pick<Nothing, 'reason' | 'detail'>;
