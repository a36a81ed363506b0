import { type Gateway, GatewayError } from './gateway.ts';
import type { Page } from './page.ts';

/** Signs in with the code of the address, if there is one, and says which model answers, or something else. */
export async function open(
	gateway: Gateway,
	page: Page,
	greeting: () => Promise<string> = async () => `Model: ${await gateway.model()}`,
): Promise<void> {
	// An editor that opens the address may have written it in another way.
	const code = /^#code(?:=|%3D)([\w-]+)$/i.exec(location.hash)?.[1];
	try {
		if (code !== undefined) {
			// It is of no use any more, and nobody should bookmark it.
			history.replaceState(null, '', location.pathname + location.search);
			await gateway.signIn(code);
		}
		page.status(await greeting());
	} catch (error) {
		page.alert(explain(error));
	}
}

/** What to tell about something that was thrown; undefined where nobody waits for it any more. */
export function explain(error: unknown): string {
	if (error instanceof GatewayError)
		return error.status === 401 && !error.message.includes('link')
			? 'This page is not signed in. Open the link that “co-clone serve” prints; each works once.'
			: error.message;
	if (error instanceof TypeError) return 'The gateway does not answer. Is “co-clone serve” still running?';
	return error instanceof Error ? error.message : String(error);
}

export function isAbort(error: unknown): boolean {
	return error instanceof DOMException && error.name === 'AbortError';
}
