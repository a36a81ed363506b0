import { env, ProgressLocation, type SecretStorage, Uri, window } from 'vscode';
import type { Clock } from '../login/clock.ts';
import type { Credential } from '../login/credentials.ts';
import type { FreshToken } from '../login/fresh-token.ts';
import { SignInError } from '../login/sign-in-error.ts';
import { freshToken, signInAt } from '../login/signed-in.ts';
import type { GatewaySettings } from '../model/gateway-model.ts';

const clientId = 'co-clone';

/** Signs in at gateways elsewhere, and has a token for each that holds. What signing in left is in the editor's secret storage. */
export class GatewaySignIn {
	readonly #secrets: SecretStorage;
	readonly #clock: Clock;
	readonly #onSignedIn: () => void;
	readonly #tokens = new Map<string, FreshToken | undefined>();

	constructor(secrets: SecretStorage, clock: Clock, onSignedIn: () => void) {
		this.#secrets = secrets;
		this.#clock = clock;
		this.#onSignedIn = onSignedIn;
	}

	/** A token that is good now; undefined where the user is not signed in. @throws SignInError */
	async token(origin: string, signal: AbortSignal): Promise<string | undefined> {
		if (!this.#tokens.has(origin)) this.#tokens.set(origin, await this.#kept(origin));
		return await this.#tokens.get(origin)?.get(signal);
	}

	/** One that takes the place of a token that was refused. @throws SignInError */
	async another(origin: string, refused: string, signal: AbortSignal): Promise<string> {
		const token = this.#tokens.get(origin);
		return token ? token.another(refused, signal) : refused;
	}

	/** The command: shows a code, and waits until somebody has approved it there. */
	async signIn(url: string | undefined): Promise<void> {
		if (url === undefined || !URL.canParse(url)) {
			void window.showInformationMessage('Co-Clone: name the address of a gateway in the setting co-clone.model first: https://host.');
			return;
		}
		const { origin } = new URL(url);
		try {
			const isDone = await window.withProgress(
				{ location: ProgressLocation.Notification, title: `Co-Clone: signing in at ${origin}`, cancellable: true },
				(progress, token) => {
					const cancelled = new AbortController();
					token.onCancellationRequested(() => cancelled.abort());
					return this.#askFor(origin, (message) => progress.report({ message }), cancelled.signal);
				},
			);
			if (isDone) void window.showInformationMessage(`Co-Clone: you are signed in at ${origin}.`);
		} catch (error) {
			if (!(error instanceof SignInError)) throw error;
			void window.showErrorMessage(`Co-Clone: ${error.message}`);
		}
	}

	/** Whether it came to its end; not where it was cancelled. */
	async #askFor(origin: string, report: (message: string) => void, signal: AbortSignal): Promise<boolean> {
		try {
			const show = ({ code, url }: { code: string; url: string }) => {
				report(`type the code ${code} at ${url}`);
				void openPage(code, url);
			};
			await this.#keep(origin, await signInAt({ url: origin, clientId, show, clock: this.#clock }, signal));
			this.#tokens.delete(origin);
			this.#onSignedIn();
			return true;
		} catch (error) {
			if (signal.aborted) return false;
			throw error;
		}
	}

	async #kept(origin: string): Promise<FreshToken | undefined> {
		const text = await this.#secrets.get(keyOf(origin));
		if (text === undefined) return undefined;
		const credential: Credential = JSON.parse(text);
		return freshToken(credential, (next) => void this.#keep(origin, next), this.#clock);
	}

	async #keep(origin: string, credential: Credential): Promise<void> {
		await this.#secrets.store(keyOf(origin), JSON.stringify(credential));
	}
}

/** Nothing is typed for anybody: who approves a code has to have seen both sides. */
async function openPage(code: string, url: string): Promise<void> {
	const open = 'Copy Code and Open Page';
	const chosen = await window.showInformationMessage(`Co-Clone: to sign in, type ${code} at ${url}.`, open);
	if (chosen !== open) return;
	await env.clipboard.writeText(code);
	await env.openExternal(Uri.parse(url));
}

function keyOf(origin: string): string {
	return `sign-in ${origin}`;
}

/** The gateway at an address, asked as the user who is signed in there. */
export function gatewayAt(url: string, location: string, signIn: GatewaySignIn): GatewaySettings {
	const origin = URL.canParse(url) ? new URL(url).origin : url;
	return {
		url: origin,
		location,
		tokens: {
			get: (signal) => signIn.token(origin, signal),
			another: (refused, signal) => signIn.another(origin, refused, signal),
		},
	};
}
