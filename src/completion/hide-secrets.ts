import { placeholder, secretsIn } from '../secrets/secrets.ts';
import { isWritingSecret } from '../secrets/writing.ts';
import type { CompletionRequest } from './completion.ts';

/**
 * The same place without the secrets around it; everything that is done with a request is done with this. A secret of a line looks like one
 * whatever comes after it on the line or elsewhere, so that what stands for it stays while somebody types on.
 */
export function hideSecrets(request: CompletionRequest): CompletionRequest {
	const { prefix, suffix, languageId } = request;
	const text = prefix + suffix;
	const secrets = secretsIn(text);
	const cursor = prefix.length;
	const isAtSecret =
		secrets.some(({ start, end }) => start <= cursor && cursor <= end) ||
		isWritingSecret(prefix.slice(prefix.lastIndexOf('\n') + 1), languageId);
	if (secrets.length === 0) return isAtSecret ? { ...request, isAtSecret } : request;
	const hidden = (from: number, to: number) => {
		let kept = '';
		let at = from;
		for (const { start, end } of secrets) {
			if (start < from || end > to) continue;
			kept += text.slice(at, start) + placeholder;
			at = end;
		}
		return kept + text.slice(at, to);
	};
	return { ...request, prefix: hidden(0, cursor), suffix: hidden(cursor, text.length), isAtSecret };
}
