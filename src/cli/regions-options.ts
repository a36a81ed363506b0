import type { RegionsChoice } from '../regions/front.ts';
import { placeNamed, placeNames } from '../regions/geography.ts';
import { shownRegions } from '../regions/local-regions.ts';
import { readRegions } from '../regions/regions-file.ts';

/** For `parseArgs`. */
export const regionsOptions = {
	'multi-region': { type: 'boolean', default: false },
	regions: { type: 'string' },
	location: { type: 'string' },
	latency: { type: 'string', multiple: true, default: [] as string[] },
} as const;

interface Values {
	readonly 'multi-region': boolean;
	readonly regions?: string | undefined;
	readonly location?: string | undefined;
	readonly latency: readonly string[];
}

/**
 * What a command line says of regions; undefined where it says nothing.
 * @throws Error with what to write instead
 */
export function regionsChoice({ 'multi-region': isLocal, regions, location, latency }: Values): RegionsChoice | undefined {
	if (isLocal && regions !== undefined)
		throw new Error('--multi-region shows regions on this machine, --regions uses those of a file. Name one of them.');
	if (!isLocal && regions === undefined) {
		if (location !== undefined || latency.length > 0) throw new Error('--location and --latency are for --multi-region.');
		return undefined;
	}
	return {
		regions: regions === undefined ? undefined : readRegions(regions),
		file: regions,
		here: location === undefined ? undefined : placeOf(location),
		latency: new Map(latency.map(latencyOf)),
	};
}

function placeOf(name: string) {
	const place = placeNamed(name);
	if (place) return place;
	throw new Error(`Nobody knows where “${name}” is. Known are ${placeNames.join(', ')}.`);
}

function latencyOf(text: string): [string, number] {
	const [, name = '', ms = ''] = /^([\w-]+)=(\d+)$/.exec(text) ?? [];
	const isKnown = shownRegions.some((known) => known === name);
	if (isKnown) return [name, Number(ms)];
	throw new Error(`Write --latency REGION=MILLISECONDS, with one of ${shownRegions.join(', ')}.`);
}
