import { randomInt } from 'node:crypto';
import type { Sampling } from '../model/language-model.ts';
import { invalid, isObject, type Json, type JsonObject } from './body.ts';

/** Of answers to one question. */
export const mostChoices = 4;
const mostTokens = 4096;
/** Of answers that are asked for beside the likeliest one. */
const temperatureOfMore = 0.8;
const mostSeed = 2 ** 31 - 1;

/** A text that has to be there. */
export function textIn(body: JsonObject, name: string): string {
	const text = optionalText(body, name);
	if (text === undefined) throw invalid(`Send “${name}”, a text.`);
	return text;
}

/** A text that may be left out, or be null. */
export function optionalText(body: JsonObject, name: string): string | undefined {
	const value = given(body, name);
	if (value === undefined || typeof value === 'string') return value;
	throw invalid(`“${name}” must be a text.`);
}

/** One text, or a list of texts. */
export function textsIn(body: JsonObject, name: string): string[] | undefined {
	const value = given(body, name);
	if (value === undefined) return undefined;
	const texts = Array.isArray(value) ? value : [value];
	if (texts.every((one) => typeof one === 'string')) return texts;
	throw invalid(`“${name}” must be a text, or a list of texts.`);
}

/** `stop`: one text or several. */
export function stopsIn(body: JsonObject): string[] {
	return (textsIn(body, 'stop') ?? []).filter((one) => one !== '');
}

export function flagIn(body: JsonObject, name: string, usual: boolean): boolean {
	const value = given(body, name) ?? usual;
	if (typeof value === 'boolean') return value;
	throw invalid(`“${name}” must be true or false.`);
}

/** An object that may be left out. */
export function objectIn(body: JsonObject, name: string): JsonObject {
	const value = given(body, name) ?? {};
	if (isObject(value)) return value;
	throw invalid(`“${name}” must be an object.`);
}

/** A list of objects that may be left out. */
export function objectsIn(body: JsonObject, name: string): readonly JsonObject[] {
	const value = given(body, name) ?? [];
	if (Array.isArray(value) && value.every(isObject)) return value;
	throw invalid(`“${name}” must be a list of objects.`);
}

interface Range {
	readonly least: number;
	readonly most: number;
}

/** A whole number that may be left out. */
export function countIn(body: JsonObject, name: string, { least, most }: Range): number | undefined {
	const value = given(body, name);
	if (value === undefined) return undefined;
	if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
	throw invalid(`“${name}” must be a whole number from ${least} to ${most}.`);
}

/** How long an answer may be, in tokens. Who asks for more than there can be gets as many as there can be. */
export function tokensIn(body: JsonObject, name: string, usual: number): number {
	const value = given(body, name) ?? usual;
	if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return Math.min(value, mostTokens);
	throw invalid(`“${name}” must be a whole number from 1.`);
}

/** The same in protocols where a negative number means “as many as it takes”. */
export function tokensOrAllIn(body: JsonObject, name: string, usual: number): number {
	const value = given(body, name) ?? usual;
	return typeof value === 'number' && value < 0 ? mostTokens : tokensIn(body, name, usual);
}

/** Without a temperature the likeliest answer, else one that is drawn; the same for the same seed. */
export function samplingIn(body: JsonObject, seedName = 'seed'): Sampling | undefined {
	const temperature = given(body, 'temperature') ?? 0;
	if (typeof temperature !== 'number' || temperature < 0 || temperature > 2) throw invalid('“temperature” must be from 0 to 2.');
	const seed = given(body, seedName);
	if (seed !== undefined && !Number.isSafeInteger(seed)) throw invalid(`“${seedName}” must be a whole number.`);
	if (temperature === 0) return undefined;
	// -1 stands for any, where it is used at all.
	return { temperature, seed: typeof seed === 'number' && seed >= 0 ? seed % mostSeed : randomInt(mostSeed) };
}

/** How several answers are drawn: the first as it is asked for, every other with a seed of its own. */
export function severalOf(count: number, first: Sampling | undefined): (Sampling | undefined)[] {
	const { temperature, seed } = first ?? { temperature: temperatureOfMore, seed: 0 };
	return [first, ...Array.from({ length: count - 1 }, (_, index) => ({ temperature, seed: seed + index + 1 }))];
}

/** What was left out, or is null, is not given. */
function given(body: JsonObject, name: string): Exclude<Json, null> | undefined {
	return body[name] ?? undefined;
}
