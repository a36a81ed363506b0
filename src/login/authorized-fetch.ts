import type { FreshToken } from './fresh-token.ts';

/**
 * Sends requests to one origin with a token, and those to any other without. A token that is refused is exchanged for another once, and
 * the request sent again once: nothing of its answer has been seen by then.
 */
export function authorizedFetch(origin: string, token: FreshToken, fetch: typeof globalThis.fetch): typeof globalThis.fetch {
	return async (input, init) => {
		const url = new URL(input instanceof Request ? input.url : input);
		if (url.origin !== origin) return fetch(input, init);
		const signal = init?.signal ?? new AbortController().signal;
		const send = (access: string) => {
			const headers = new Headers(init?.headers);
			headers.set('authorization', `Bearer ${access}`);
			return fetch(input, { ...init, headers, redirect: 'manual' });
		};
		const first = await token.get(signal);
		const response = await send(first);
		const canRepeat = init?.body === undefined || init.body === null || typeof init.body === 'string';
		if (response.status !== 401 || !canRepeat) return response;
		await response.body?.cancel();
		return send(await token.another(first, signal));
	};
}
