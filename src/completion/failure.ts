import { ModelError } from '../model/model-error.ts';
import type { Nothing } from './completion.ts';

/** Why there is nothing, where something was thrown. */
export function failure(error: unknown): Nothing {
	if (error instanceof ModelError) return { reason: error.code, detail: error.message, error };
	return { reason: 'bug', error: error instanceof Error ? error : new Error(String(error)) };
}
