import { createRequire } from 'node:module';
import type { Keyring } from './credentials.ts';

type Library = typeof import('@napi-rs/keyring');

const service = 'co-clone';

/** The system's keyring; undefined where the library for it is not installed. Whether there is a keyring shows when it is asked. */
export function systemKeyring(from: string): Keyring | undefined {
	try {
		const { Entry }: Library = createRequire(from)('@napi-rs/keyring');
		return {
			get: (account) => new Entry(service, account).getPassword(),
			set: (account, secret) => new Entry(service, account).setPassword(secret),
			delete: (account) => new Entry(service, account).deletePassword(),
		};
	} catch {
		return undefined;
	}
}
