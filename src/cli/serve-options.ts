import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type LogLevel, logLevels } from '../gateway/access/log.ts';
import { type Limits, usualLimits } from '../gateway/limits.ts';
import type { Tls } from '../gateway/server.ts';
import type { RegionsChoice } from '../regions/front.ts';
import { type ModelChoice, modelOptions } from './model-choice.ts';
import { portOf } from './port.ts';
import { regionsChoice, regionsOptions } from './regions-options.ts';
import { readServeConfig, type ServeConfig } from './serve-config.ts';
import { understood } from './usage.ts';

const usualPort = 8080;
const usualSlots = 32;

export interface ServeOptions extends ModelChoice {
	/** 0 for any that is free. */
	readonly port: number;
	/** Whether a port was named. */
	readonly isPortWanted: boolean;
	/** Anybody on this machine may use it, without a key. */
	readonly isOpen: boolean;
	readonly logLevel: LogLevel;
	readonly tls: Tls | undefined;
	/** The file that the certificate is from. */
	readonly certificate: string | undefined;
	/** Where clients find it, if that is not where it listens. */
	readonly address: string | undefined;
	/** Where requests are passed on to, if they are. */
	readonly regions: RegionsChoice | undefined;
	readonly limits: Limits;
	/** Where a balancer hears how much room there is. */
	readonly agentPort: number | undefined;
	/** Answers that the model works on at the same time. */
	readonly slots: number;
}

/**
 * What a command line asks for, and a file that it names where it says nothing itself.
 * @throws UsageError
 */
export function serveOptions(args: readonly string[]): ServeOptions {
	return understood(() => {
		const { values, positionals } = parseArgs({
			args: [...args],
			allowPositionals: true,
			options: {
				...modelOptions,
				...regionsOptions,
				port: { type: 'string' },
				config: { type: 'string' },
				'log-level': { type: 'string' },
				open: { type: 'boolean', default: false },
				'tls-cert': { type: 'string' },
				'tls-key': { type: 'string' },
				'agent-port': { type: 'string' },
				slots: { type: 'string' },
			},
		});
		const [named = values.port, ...more] = positionals;
		if (more.length > 0) throw new Error('Name one port.');
		const file = values.config === undefined ? {} : readServeConfig(values.config);
		const port = named === undefined ? file.port : portOf(named);
		const certificate = values['tls-cert'] ?? file.tls?.cert;
		return {
			model: values.model ?? file.model,
			models: values.models ?? file.models,
			allowRemote: values['allow-remote'] || (file.allowRemote ?? false),
			isOpen: values.open || (file.open ?? false),
			logLevel: values['log-level'] === undefined ? (file.logLevel ?? 'error') : levelOf(values['log-level']),
			tls: tlsOf(certificate, values['tls-key'] ?? file.tls?.key),
			certificate,
			address: file.address,
			regions: regionsChoice(values),
			limits: limitsOf(file.limits),
			...agentOf(values['agent-port'], values.slots),
			isPortWanted: port !== undefined,
			port: port ?? usualPort,
		};
	});
}

function limitsOf({ callsPerSecond, ...limits }: NonNullable<ServeConfig['limits']> = {}): Limits {
	const calls = callsPerSecond === undefined ? usualLimits.calls : { most: callsPerSecond * 4, perSecond: callsPerSecond };
	return { ...usualLimits, ...limits, calls };
}

function agentOf(port: string | undefined, slots: string | undefined): Pick<ServeOptions, 'agentPort' | 'slots'> {
	if (port === undefined && slots !== undefined) throw new Error('--slots is for --agent-port.');
	const count = slots === undefined ? usualSlots : Number(slots);
	if (!Number.isInteger(count) || count < 1)
		throw new Error(`“${slots}” is no number of slots. Write how many answers the model works on at once.`);
	return { agentPort: port === undefined ? undefined : portOf(port), slots: count };
}

function tlsOf(cert: string | undefined, key: string | undefined): Tls | undefined {
	if (cert !== undefined && key !== undefined) return { cert: read(cert), key: read(key) };
	if (cert === undefined && key === undefined) return undefined;
	throw new Error('Name both --tls-cert and --tls-key.');
}

function read(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		throw new Error(`Cannot read ${file}: ${error instanceof Error ? error.message : error}`);
	}
}

function levelOf(text: string): LogLevel {
	const level = logLevels.find((one) => one === text);
	if (level) return level;
	throw new Error(`“${text}” is no level. Levels are ${logLevels.join(', ')}.`);
}
