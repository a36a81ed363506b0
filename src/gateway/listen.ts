import { existsSync, rmSync } from 'node:fs';
import type { Access } from './access/access.ts';
import type { Log } from './access/log.ts';
import { Metrics } from './access/metrics.ts';
import type { Open } from './access/one-gateway.ts';
import type { Pairing } from './access/pairing.ts';
import { type Counts, Traffic } from './access/traffic.ts';
import { deviceGrant, deviceRoutes, givesDeviceGrant, metadataRoute, type OriginOf } from './access/wire-device.ts';
import { metricsRoute } from './access/wire-metrics.ts';
import { tokenRoute } from './access/wire-oauth.ts';
import { statusRoute } from './access/wire-status.ts';
import { Admission } from './admission.ts';
import type { Backend, Route } from './call.ts';
import { gatewayHandle } from './handle.ts';
import { type Limits, usualLimits } from './limits.ts';
import { type PlaygroundParts, playground } from './playground/playground.ts';
import { routes as allRoutes } from './routes.ts';
import { GatewayServer, type Tls } from './server.ts';
import { roomRoute } from './wire-room.ts';

/** Nobody but this machine reaches these. */
const loopback = { first: '127.0.0.1', second: '::1' };
const names = ['localhost', loopback.first, `[${loopback.second}]`];

export interface ListenOptions {
	/** 0 for any that is free. */
	readonly port: number;
	readonly access: Access;
	/** Lets devices in, where any may come. */
	readonly pairing?: Pairing | undefined;
	/** A path for programs of this user alone, in a folder that only they can enter. */
	readonly socket?: string | undefined;
	/** Where clients find it, if that is not where it listens. */
	readonly address?: string | undefined;
	/** Then the port speaks nothing else. */
	readonly tls?: Tls | undefined;
	readonly limits?: Limits | undefined;
	/** Answers that the model works on at the same time, where those are fewer than the limits allow. */
	readonly slots?: number | undefined;
	/** What is answered, where that is not all that the backend can. */
	readonly routes?: readonly Route[];
	/** Adds to what is measured. */
	readonly measure?: (registry: Metrics['registry']) => void;
	readonly log: Log;
	/** Absent: there are no pages. */
	readonly pages?: PlaygroundParts | undefined;
}

/**
 * Serves a backend to programs on this machine that have access.
 * @throws what Node throws where the port cannot be had
 */
export async function listen(
	backend: Backend,
	{
		port,
		access,
		pairing,
		socket,
		address,
		tls,
		routes = allRoutes,
		pages,
		limits = usualLimits,
		slots = limits.streams,
		measure,
		log,
	}: ListenOptions,
): Promise<Open> {
	const scheme = tls ? 'https' : 'http';
	/** The guard has seen that it is one of our names. */
	const originOf: OriginOf = ({ url }) => address ?? `${scheme}://${new URL(url).host}`;
	let hosts: ReadonlySet<string> = new Set();
	const onFault = (error: unknown) => log.fault(error);
	/** Of our own pages. */
	let origins: ReadonlySet<string> = new Set();
	let url = '';
	const traffic: Traffic = new Traffic(
		() => performance.now(),
		(exchange) => {
			log.exchange(exchange);
			metrics.add(exchange);
		},
	);
	const metrics = new Metrics(traffic);
	measure?.(metrics.registry);
	const browser = pages && playground(pages, () => url, Date.now);
	const admission = new Admission(limits);
	const handle = gatewayHandle({
		routes: traffic.routes([
			...routes,
			...accessRoutes({ access, pairing }, originOf, traffic),
			metricsRoute(metrics),
			roomRoute(Math.min(slots, limits.streams), traffic),
			...(browser?.routes ?? []),
		]),
		backend,
		admission,
		rules: () => ({ hosts, origins }),
		authenticate: async (authorization) => browser?.clientOf(authorization) ?? access.authenticate(authorization),
		onFault,
	});
	const server = new GatewayServer(traffic.handle(handle), onFault, limits);
	try {
		const listening = await listenOnLoopback(server, port, tls);
		const ownHosts = names.map((name) => new URL(`http://${name}:${listening}`).host);
		hosts = new Set([...ownHosts, ...(address === undefined ? [] : [new URL(address).host])]);
		if (socket !== undefined) await listenOnSocket(server, socket);
		log.event('listening', { port: listening, tls: tls !== undefined, open: access.isOpen });
		origins = new Set(pages ? ownHosts.map((host) => `${scheme}://${host}`) : []);
		url = `${scheme}://${loopback.first}:${listening}`;
		return {
			port: listening,
			url,
			token: access.localKey,
			counts: traffic,
			drain: () => admission.close(),
			[Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
		};
	} catch (error) {
		await server[Symbol.asyncDispose]();
		throw error;
	}
}

/** How to get a token, and how the gateway is. */
export function accessRoutes(
	{ access, pairing }: Pick<ListenOptions, 'access' | 'pairing'>,
	originOf: OriginOf,
	counts: Counts,
): readonly Route[] {
	const own = statusRoute(counts, access.isOpen);
	if (!pairing) return [tokenRoute(access), own];
	return [
		tokenRoute(access, { [deviceGrant]: givesDeviceGrant(access, pairing) }),
		...deviceRoutes(pairing, originOf),
		metadataRoute(originOf),
		own,
	];
}

/** On both of its addresses, because “localhost” may lead to either and another program at one of them would be sent our clients' tokens. */
async function listenOnLoopback(server: GatewayServer, wanted: number, tls: Tls | undefined): Promise<number> {
	const port = await server.listen({ port: wanted, host: loopback.first }, tls);
	try {
		await server.listen({ port, host: loopback.second }, tls);
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : undefined;
		if (code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') throw error;
	}
	return port;
}

/** What is left of one that was killed is in the way. */
async function listenOnSocket(server: GatewayServer, path: string): Promise<void> {
	if (process.platform !== 'win32' && existsSync(path)) rmSync(path);
	await server.listen({ path });
}
