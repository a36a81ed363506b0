import type { Access } from './access/access.ts';
import { tokenRoute } from './access/wire-oauth.ts';
import type { Backend } from './call.ts';
import { gatewayHandle } from './handle.ts';
import { routes } from './routes.ts';
import { GatewayServer } from './server.ts';

const loopback = '127.0.0.1';

export interface Listening extends AsyncDisposable {
	readonly port: number;
}

/**
 * Serves a backend to programs on this machine that have access.
 * @throws what Node throws where the port cannot be had
 */
export async function listen(backend: Backend, port: number, onFault: (error: unknown) => void, access: Access): Promise<Listening> {
	let hosts: ReadonlySet<string> = new Set();
	const handle = gatewayHandle({
		routes: [...routes, tokenRoute(access)],
		backend,
		rules: () => ({ hosts, origins: new Set() }),
		authenticate: (authorization) => access.authenticate(authorization),
		onFault,
	});
	const server = new GatewayServer(handle, { port, host: loopback, onFault });
	const listening = await server.listen();
	hosts = new Set(['localhost', loopback, '[::1]'].map((name) => `${name}:${listening}`));
	return { port: listening, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
