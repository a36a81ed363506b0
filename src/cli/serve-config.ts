import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type LogLevel, logLevels } from '../gateway/access/log.ts';
import { isRecord } from '../std/record.ts';

/** What a file may say of `co-clone serve`; paths in it are paths from its folder. `schemas/serve.json` says the same to editors. */
export interface ServeConfig {
	readonly port?: number;
	readonly model?: string;
	readonly models?: string;
	readonly allowRemote?: boolean;
	readonly open?: boolean;
	readonly logLevel?: LogLevel;
	/** Where clients find it, if that is not where it listens: behind a balancer. */
	readonly address?: string;
	readonly tls?: { readonly cert: string; readonly key: string };
	/** How much of everything it gives away; what is not named stays as it is. */
	readonly limits?: Partial<Record<(typeof limitNames)[number], number>>;
}

/** In `gateway/limits.ts`, but for the last: calls a second, with four times as many at once. */
const limitNames = ['streams', 'streamsPerClient', 'queue', 'connections', 'exchanges', 'callsPerSecond'] as const;

/** What each setting must be: the sentence that says so, and how it is told. */
interface Kind {
	readonly must: string;
	readonly fits: (value: unknown) => boolean;
}

const text: Kind = { must: 'a text that is not empty', fits: isText };
const yesOrNo: Kind = { must: 'true or false', fits: (value) => typeof value === 'boolean' };

const kinds: Readonly<Record<string, Kind>> = {
	$schema: text,
	port: { must: 'a whole number from 0 (any that is free) to 65535', fits: isPort },
	model: text,
	models: text,
	allowRemote: yesOrNo,
	open: yesOrNo,
	logLevel: {
		must: `one of ${logLevels.map((level) => `"${level}"`).join(', ')}`,
		fits: (value) => logLevels.some((level) => level === value),
	},
	address: { must: 'the address of a server, as https://code.example.com', fits: isOrigin },
	tls: { must: 'an object with “cert” and “key”, the names of two files, and nothing else', fits: isPair },
	limits: { must: `an object with whole numbers from 1: ${limitNames.join(', ')}`, fits: isLimits },
};

/** @throws where the file cannot be read, or says something that nobody would obey */
export function readServeConfig(file: string): ServeConfig {
	const config = parseServeConfig(parse(readFile(file), file), file);
	const path = (name: string) => resolve(dirname(file), name);
	return {
		...config,
		...(config.models === undefined ? {} : { models: path(config.models) }),
		...(config.tls ? { tls: { cert: path(config.tls.cert), key: path(config.tls.key) } } : {}),
	};
}

/** @throws where a setting is unknown, or is not what it must be */
export function parseServeConfig(value: unknown, file: string): ServeConfig {
	if (!isRecord(value)) throw new Error(`${file} must be an object in JSON, as {"port": 8080}.`);
	for (const [name, one] of Object.entries(value)) {
		const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
		if (!kind) throw new Error(`${file}: there is no setting “${name}”. Settings are ${Object.keys(kinds).slice(1).join(', ')}.`);
		if (!kind.fits(one)) throw new Error(`${file}: “${name}” must be ${kind.must}.`);
	}
	return value;
}

function readFile(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		throw new Error(`Cannot read ${file}: ${error instanceof Error ? error.message : error}`);
	}
}

function parse(content: string, file: string): unknown {
	try {
		return JSON.parse(content);
	} catch {
		throw new Error(`${file} is not valid JSON.`);
	}
}

function isText(value: unknown): boolean {
	return typeof value === 'string' && value !== '';
}

function isPort(value: unknown): boolean {
	return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535;
}

function isOrigin(value: unknown): boolean {
	return typeof value === 'string' && /^https?:/.test(value) && URL.canParse(value) && new URL(value).origin === value;
}

function isLimits(value: unknown): boolean {
	const isKnown = (name: string) => limitNames.some((known) => known === name);
	return isRecord(value) && Object.entries(value).every(([name, one]) => isKnown(name) && Number.isInteger(one) && Number(one) >= 1);
}

function isPair(value: unknown): boolean {
	return isRecord(value) && Object.keys(value).length === 2 && isText(value['cert']) && isText(value['key']);
}
