import { isSecretPath } from '../secrets/files.ts';
import { hasSecret, placeholder } from '../secrets/secrets.ts';
import type { ContextSnippet } from './snippet.ts';

/** Whether a snippet may enter a prompt. Asked of every one, wherever it is from, right before it does. */
export function isAllowed({ path, text }: ContextSnippet): boolean {
	return !isSecretPath(path) && !hasSecret(text) && !text.includes(placeholder);
}
