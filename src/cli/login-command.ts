import { parseArgs } from 'node:util';
import type { Clock } from '../login/clock.ts';
import type { Credentials } from '../login/credentials.ts';
import { SignInError } from '../login/sign-in-error.ts';
import { signInAt } from '../login/signed-in.ts';
import type { ExitStatus, Streams } from './streams.ts';
import { understood } from './usage.ts';

export interface LoginParts {
	readonly credentials: Credentials;
	readonly clock: Clock;
}

/** `co-clone login URL`: signs in at a server on another machine, so that `--model URL` may ask it. */
export async function loginCommand(args: readonly string[], streams: Streams, parts: LoginParts, signal: AbortSignal): Promise<ExitStatus> {
	const { url, clientId, scope, forget } = parseCommandLine(args);
	const { origin } = new URL(url);
	if (forget) return forgetLogin(origin, streams, parts.credentials);
	try {
		const { credentials, clock } = parts;
		const show = ({ code, url: page, seconds }: { code: string; url: string; seconds: number }) =>
			streams.output.write(`Within ${Math.round(seconds / 60)} minutes, open ${page}\nand type this code there: ${code}\n`);
		const where = credentials.set(origin, await signInAt({ url, clientId, scope, show, clock }, signal));
		streams.output.write(`You are signed in at ${origin}. To sign out: co-clone login ${url} --forget\n`);
		if (where === 'file') streams.error.write('There is no keyring here, so it is kept in a file that only you can read.\n');
		return 0;
	} catch (error) {
		if (!(error instanceof SignInError) && !signal.aborted) throw error;
		streams.error.write(`${error instanceof SignInError ? error.message : 'You are not signed in.'}\n`);
		return 1;
	}
}

function forgetLogin(origin: string, { output, error }: Streams, credentials: Credentials): ExitStatus {
	const was = credentials.delete(origin);
	if (was) output.write(`You are signed out of ${origin}.\n`);
	else error.write(`You were not signed in at ${origin}.\n`);
	return was ? 0 : 1;
}

function parseCommandLine(args: readonly string[]) {
	return understood(() => {
		const { values, positionals } = parseArgs({
			args: [...args],
			allowPositionals: true,
			options: {
				'client-id': { type: 'string', default: 'co-clone' },
				scope: { type: 'string' },
				forget: { type: 'boolean', default: false },
			},
		});
		const [url, ...more] = positionals;
		if (url === undefined || more.length > 0 || !URL.canParse(url)) throw new Error('Name the address of one server: https://host.');
		return { url, clientId: values['client-id'], scope: values.scope, forget: values.forget };
	});
}
