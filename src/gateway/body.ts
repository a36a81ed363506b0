import { CallError } from './failure.ts';
import { requireJson } from './guard.ts';

/** What a client may send at once here; less than what the server lets through anyway. */
interface BodyLimits {
	readonly bytes: number;
	/** Of objects and lists in each other. */
	readonly depth: number;
}

const bodyLimits: BodyLimits = { bytes: Number.POSITIVE_INFINITY, depth: 32 };

/** What a protocol finds in a body: nothing is taken for granted. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
	readonly [key: string]: Json | undefined;
}

/**
 * Reads the JSON object that a request brings.
 * @throws CallError when it is none, or too large or too deep.
 */
export async function readJson(request: Request, limits = bodyLimits): Promise<JsonObject> {
	requireJson(request);
	const text = await readText(request, limits.bytes);
	if (depthOf(text) > limits.depth) throw invalid(`The body has more than ${limits.depth} levels.`, 413, 'too-deep');
	const value = parse(text);
	if (!isObject(value)) throw invalid('The body is not a JSON object.');
	return value;
}

export function isObject(value: Json | undefined): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** For a field that is not what it should be. */
export function invalid(message: string, status = 400, code = 'invalid-request'): CallError {
	return new CallError({ status, code, message });
}

function parse(text: string): Json {
	try {
		return JSON.parse(text);
	} catch {
		throw invalid('The body is not valid JSON.');
	}
}

/** @throws CallError where a body is larger, or no text */
export async function readText(request: Request, mostBytes = bodyLimits.bytes): Promise<string> {
	const tooLarge = () => invalid(`The body is larger than ${mostBytes} bytes.`, 413, 'too-large');
	if (Number(request.headers.get('content-length')) > mostBytes) throw tooLarge();
	const decoder = new TextDecoder('utf-8', { fatal: true });
	let text = '';
	let bytes = 0;
	try {
		for await (const chunk of request.body ?? []) {
			bytes += chunk.length;
			if (bytes > mostBytes) throw tooLarge();
			text += decoder.decode(chunk, { stream: true });
		}
		return text + decoder.decode();
	} catch (error) {
		if (error instanceof TypeError) throw invalid('The body is not valid UTF-8.');
		throw error;
	}
}

/** How deep the brackets of a text are in each other, outside of strings. Cheaper than finding out by parsing, and it cannot overflow. */
function depthOf(text: string): number {
	let depth = 0;
	let deepest = 0;
	let isString = false;
	for (let i = 0; i < text.length; i++) {
		const char = text[i];
		if (char === '"') isString = !isString;
		else if (char === '\\') i++;
		else if (isString) continue;
		else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
		else if (char === '}' || char === ']') depth--;
	}
	return deepest;
}
