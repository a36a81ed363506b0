import { randomInt } from 'node:crypto';
import type { Sampling } from '../model/language-model.ts';
import { invalid, type JsonObject } from './body.ts';

const mostTokens = 4096;
const mostSeed = 2 ** 31 - 1;

/** `prompt`, which some clients send as a list of one. */
export function promptIn({ prompt }: JsonObject): string {
	const [only, ...others] = Array.isArray(prompt) ? prompt : [prompt];
	if (typeof only === 'string' && others.length === 0) return only;
	throw invalid('“prompt” must be a text.');
}

/** A text that may be left out, or be null. */
export function optionalText(body: JsonObject, name: string): string | undefined {
	const value = body[name];
	if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
	throw invalid(`“${name}” must be a text.`);
}

/** How long an answer may be, in tokens. */
export function tokensIn(body: JsonObject, name: string, usual: number): number {
	const wanted = body[name];
	if (wanted === undefined || wanted === null) return usual;
	if (typeof wanted === 'number' && Number.isInteger(wanted) && wanted >= 1) return Math.min(wanted, mostTokens);
	throw invalid(`“${name}” must be a whole number from 1.`);
}

/** `stop`: one text or several. */
export function stopsIn({ stop }: JsonObject): string[] {
	const given = stop === undefined || stop === null ? [] : Array.isArray(stop) ? stop : [stop];
	if (given.every((one) => typeof one === 'string')) return given.filter((one) => one !== '');
	throw invalid('“stop” must be a text, or a list of texts.');
}

/** Without a temperature the likeliest answer, else one that is drawn; the same for the same seed. */
export function samplingIn({ temperature, seed }: JsonObject): Sampling | undefined {
	if (temperature === undefined || temperature === null || temperature === 0) return undefined;
	if (typeof temperature !== 'number' || temperature < 0 || temperature > 2) throw invalid('“temperature” must be from 0 to 2.');
	return { temperature, seed: typeof seed === 'number' && Number.isInteger(seed) && seed >= 0 ? seed : randomInt(mostSeed) };
}
