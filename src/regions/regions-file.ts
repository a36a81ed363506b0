import { readFileSync, type StatsListener, unwatchFile, watchFile } from 'node:fs';
import { isRecord } from '../std/record.ts';
import { type Coordinates, placeNamed } from './geography.ts';
import type { Region } from './region.ts';

const names = /^[\w-]{1,40}$/;

/**
 * Reads a file that lists gateways: `{"regions": [{"name": "eu-west", "url": "https://…", "key": "…"}]}`. Where a region is is known by its name, or
 * said by `latitude` and `longitude`. `agentPort` is for a balancer in front of them.
 * @throws Error with what is wrong in it
 */
export function readRegions(file: string): Region[] {
	const value = parse(file);
	const listed = isRecord(value) ? value['regions'] : undefined;
	if (!Array.isArray(listed) || listed.length === 0) throw new Error(`${file} has no list “regions”.`);
	const regions = listed.map((one, index) => regionIn(one, `${file}, region ${index + 1}`));
	const twice = regions.find(({ name }, index) => regions.findIndex((other) => other.name === name) !== index);
	if (twice) throw new Error(`${file} has two regions ${twice.name}.`);
	return regions;
}

/** How often it is looked whether a file has changed. Not by events, which shared folders and mounted ones do not have. */
const lookEveryMs = 1000;

/** Calls `take` when such a file lists something else. What is wrong with it is complained of, and changes nothing. */
export function followRegions(file: string, take: (regions: readonly Region[]) => void, complain: (why: string) => void): Disposable {
	const look: StatsListener = ({ mtimeMs }, before) => {
		if (mtimeMs === before.mtimeMs) return;
		try {
			take(readRegions(file));
		} catch (error) {
			complain(error instanceof Error ? error.message : String(error));
		}
	};
	watchFile(file, { persistent: false, interval: lookEveryMs }, look);
	return { [Symbol.dispose]: () => unwatchFile(file, look) };
}

function regionIn(value: unknown, where: string): Region {
	if (!isRecord(value)) throw new Error(`${where}: not an object with “name”, “url” and “key”.`);
	const { name, url, key, agentPort, ...others } = value;
	if (typeof name !== 'string' || !names.test(name)) throw new Error(`${where}: “name” must be a word, such as eu-west.`);
	if (typeof url !== 'string' || !isAddress(url))
		throw new Error(`${where}: “url” must be the address of a gateway, such as https://eu.example.com.`);
	if (typeof key !== 'string' || key === '')
		throw new Error(`${where}: “key” must be a key of that gateway. “co-clone token” prints one there.`);
	const region = { name, url: new URL(url).origin, token: key, at: placeIn(name, others, where) };
	if (agentPort === undefined) return region;
	if (isPort(agentPort)) return { ...region, agentPort };
	throw new Error(`${where}: “agentPort” must be a port, as “co-clone serve --agent-port” has it there.`);
}

function isPort(value: unknown): value is number {
	return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 65_535;
}

function placeIn(name: string, { latitude, longitude, ...unknown }: Readonly<Record<string, unknown>>, where: string): Coordinates {
	const [odd] = Object.keys(unknown);
	if (odd !== undefined) throw new Error(`${where}: “${odd}” is not known.`);
	if (isBetween(latitude, 90) && isBetween(longitude, 180)) return { latitude, longitude };
	const known = placeNamed(name);
	if (known && latitude === undefined && longitude === undefined) return known;
	throw new Error(`${where}: say where ${name} is, with “latitude” (-90 to 90) and “longitude” (-180 to 180).`);
}

function isBetween(value: unknown, most: number): value is number {
	return typeof value === 'number' && Math.abs(value) <= most;
}

/** Code goes there: in clear text to this machine only. */
function isAddress(text: string): boolean {
	if (!URL.canParse(text)) return false;
	const { protocol, hostname } = new URL(text);
	return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}

function parse(file: string): unknown {
	const text = read(file);
	try {
		return JSON.parse(text);
	} catch {
		// Node would quote what is beside the fault: a key.
		throw new Error(`${file} is not valid JSON.`);
	}
}

function read(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		throw new Error(`Cannot read ${file}: ${error instanceof Error ? error.message : error}`);
	}
}
