import { randomBytes } from 'node:crypto';
import type { Backend } from './call.ts';
import { gatewayHandle } from './handle.ts';
import { knowsKey } from './key.ts';
import { routes } from './routes.ts';
import { GatewayServer } from './server.ts';

const loopback = '127.0.0.1';

export interface Listening extends AsyncDisposable {
	readonly port: number;
	readonly key: string;
}

/**
 * Serves a backend to programs on this machine that know the key.
 * @throws what Node throws where the port cannot be had
 */
export async function listen(backend: Backend, port: number, onFault: (error: unknown) => void): Promise<Listening> {
	const key = randomBytes(24).toString('base64url');
	let hosts: ReadonlySet<string> = new Set();
	const handle = gatewayHandle({
		routes,
		backend,
		rules: () => ({ hosts, origins: new Set() }),
		authenticate: knowsKey(key, { id: 'key' }),
		onFault,
	});
	const server = new GatewayServer(handle, { port, host: loopback, onFault });
	const listening = await server.listen();
	hosts = new Set(['localhost', loopback, '[::1]'].map((name) => `${name}:${listening}`));
	return { port: listening, key, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
