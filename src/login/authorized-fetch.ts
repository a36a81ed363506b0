import { sentWithToken, type TokenSource } from '../std/token-source.ts';

/** Sends requests to one origin with a token, and those to any other without. Where they are sent on to, it does not go with them. */
export function authorizedFetch(origin: string, tokens: TokenSource, fetch: typeof globalThis.fetch): typeof globalThis.fetch {
	return async (input, init) => {
		const url = new URL(input instanceof Request ? input.url : input);
		if (url.origin !== origin) return fetch(input, init);
		const send = (token: string | undefined) => {
			const headers = new Headers(init?.headers);
			if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
			return fetch(input, { ...init, headers, redirect: 'manual' });
		};
		const canRepeat = init?.body === undefined || init.body === null || typeof init.body === 'string';
		const isRefused = async ({ status, body }: Response) => {
			if (status !== 401 || !canRepeat) return false;
			await body?.cancel();
			return true;
		};
		return sentWithToken(tokens, send, isRefused, init?.signal ?? new AbortController().signal);
	};
}
