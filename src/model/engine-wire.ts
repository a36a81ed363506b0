import type { Readable } from 'node:stream';
import type { Sampling } from './language-model.ts';
import type { Gpu } from './machine.ts';
import type { ModelErrorCode } from './model-error.ts';

/**
 * What an editor and the engine say to each other: one JSON object per line. A line that is none of these is ignored, so that
 * neither side falls over the other's mistakes. Change the version whenever a meaning changes: engines of other versions are then
 * not talked to, and end by themselves.
 */
export const wireVersion = 2;

/** A model in a file. `name` is what the user calls it, and tells its family where the file itself does not. */
export interface ModelFile {
	readonly name: string;
	readonly path: string;
	readonly contextLength: number;
}

interface GenerateRequest {
	readonly kind: 'generate';
	readonly id: number;
	readonly model: ModelFile;
	readonly prompt: string;
	readonly maxTokens: number;
	readonly stop: readonly string[];
	readonly start?: string | undefined;
	readonly grammar?: string | undefined;
	readonly sampling?: Sampling | undefined;
}

/** `cancel` carries the id of the request that nobody waits for any more; its `end` comes as soon as the engine is done with it. */
export type EngineRequest =
	| { readonly kind: 'load'; readonly id: number; readonly model: ModelFile }
	| GenerateRequest
	| { readonly kind: 'memory'; readonly id: number }
	| { readonly kind: 'hardware'; readonly id: number }
	| { readonly kind: 'cancel'; readonly id: number };

/** What a file says of itself once it is loaded. */
export interface LoadedFile {
	/** `general.basename`, for example `Qwen2.5-Coder`. */
	readonly basename?: string | undefined;
	/** Tokens there is room for now. */
	readonly contextLength: number;
	/** The vocabulary has the fill-in-the-middle tokens of the model's family. */
	readonly canFill: boolean;
	/** The graphics card that runs it; undefined where the processor does. */
	readonly gpu?: string | undefined;
	/** Why a card that should run it does not. */
	readonly gpuFailure?: string | undefined;
}

/** The first reply is `hello`, with id 0. `alive` says only that the engine is at work; the last five end a request. */
export type EngineReply =
	| { readonly kind: 'hello'; readonly id: number; readonly pid: number }
	| { readonly kind: 'alive'; readonly id: number }
	| { readonly kind: 'read'; readonly id: number; readonly tokens: number; readonly cached: number }
	| { readonly kind: 'text'; readonly id: number; readonly text: string }
	| { readonly kind: 'end'; readonly id: number; readonly promptTokens: number; readonly completionTokens: number }
	| { readonly kind: 'loaded'; readonly id: number; readonly file: LoadedFile }
	| { readonly kind: 'memory'; readonly id: number; readonly bytes: number }
	| { readonly kind: 'hardware'; readonly id: number; readonly gpu: Gpu | undefined }
	| { readonly kind: 'failed'; readonly id: number; readonly code: ModelErrorCode; readonly message: string };

/** Characters. Prompts are a few thousand; whoever sends this much without a line end does not speak this language. */
const longestLine = 4_000_000;

export function frame(message: EngineRequest | EngineReply): string {
	return `${JSON.stringify(message)}\n`;
}

/** Calls `take` for every whole line that arrives. */
export function onLines(stream: Readable, take: (line: string) => void): void {
	let rest = '';
	stream.setEncoding('utf8');
	stream.on('data', (chunk: string) => {
		const lines = (rest + chunk).split('\n');
		rest = lines.pop() ?? '';
		lines.forEach(take);
		if (rest.length > longestLine) stream.destroy();
	});
}

export function parseRequest(line: string): EngineRequest | undefined {
	const fields = parseObject(line);
	const { id, kind, model } = fields;
	if (!isCount(id)) return undefined;
	if (kind === 'cancel' || kind === 'memory' || kind === 'hardware') return { kind, id };
	if (!isModelFile(model)) return undefined;
	if (kind === 'load') return { kind, id, model };
	return kind === 'generate' ? parseGenerate(fields, id, model) : undefined;
}

function parseGenerate(fields: Fields, id: number, model: ModelFile): GenerateRequest | undefined {
	const { prompt, maxTokens, stop, start, grammar, sampling } = fields;
	if (typeof prompt !== 'string' || !isCount(maxTokens) || !isTexts(stop) || !isOptionalText(start) || !isOptionalText(grammar)) {
		return undefined;
	}
	if (sampling !== undefined && !isSampling(sampling)) return undefined;
	return { kind: 'generate', id, model, prompt, maxTokens, stop, start, grammar, sampling };
}

export function parseReply(line: string): EngineReply | undefined {
	const { id, kind, pid, text, promptTokens, completionTokens, file, bytes, gpu, code, message, tokens, cached } = parseObject(line);
	if (!isCount(id)) return undefined;
	switch (kind) {
		case 'alive':
			return { kind, id };
		case 'hello':
			return isCount(pid) ? { kind, id, pid } : undefined;
		case 'read':
			return isCount(tokens) && isCount(cached) ? { kind, id, tokens, cached } : undefined;
		case 'text':
			return typeof text === 'string' ? { kind, id, text } : undefined;
		case 'end':
			return isCount(promptTokens) && isCount(completionTokens) ? { kind, id, promptTokens, completionTokens } : undefined;
		case 'loaded':
			return isLoadedFile(file) ? { kind, id, file } : undefined;
		case 'memory':
			return isCount(bytes) ? { kind, id, bytes } : undefined;
		case 'hardware':
			return gpu === undefined || isGpu(gpu) ? { kind, id, gpu } : undefined;
		case 'failed':
			return isErrorCode(code) && typeof message === 'string' ? { kind, id, code, message } : undefined;
		default:
			return undefined;
	}
}

type Fields = Record<string, unknown>;

/** No fields when the line is no JSON object. */
function parseObject(line: string): Fields {
	try {
		const value: unknown = JSON.parse(line);
		return typeof value === 'object' && value !== null ? { ...value } : {};
	} catch {
		return {};
	}
}

function isCount(value: unknown): value is number {
	return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isOptionalText(value: unknown): value is string | undefined {
	return value === undefined || typeof value === 'string';
}

function isTexts(value: unknown): value is string[] {
	return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isSampling(value: unknown): value is Sampling {
	if (typeof value !== 'object' || value === null) return false;
	const { temperature, seed }: Fields = { ...value };
	return typeof temperature === 'number' && temperature > 0 && isCount(seed);
}

function isModelFile(value: unknown): value is ModelFile {
	if (typeof value !== 'object' || value === null) return false;
	const { name, path, contextLength }: Fields = { ...value };
	return typeof name === 'string' && typeof path === 'string' && isCount(contextLength);
}

function isLoadedFile(value: unknown): value is LoadedFile {
	if (typeof value !== 'object' || value === null) return false;
	const { basename, contextLength, canFill, gpu, gpuFailure }: Fields = { ...value };
	return [basename, gpu, gpuFailure].every(isOptionalText) && isCount(contextLength) && typeof canFill === 'boolean';
}

function isGpu(value: unknown): value is Gpu {
	if (typeof value !== 'object' || value === null) return false;
	const { name, memory, isShared }: Fields = { ...value };
	return typeof name === 'string' && isCount(memory) && typeof isShared === 'boolean';
}

const errorCodes: Record<ModelErrorCode, true> = {
	unreachable: true,
	stalled: true,
	'model-missing': true,
	'no-infill': true,
	overloaded: true,
	'no-memory': true,
	'not-allowed': true,
	'signed-out': true,
	'bad-response': true,
};

function isErrorCode(value: unknown): value is ModelErrorCode {
	return typeof value === 'string' && Object.hasOwn(errorCodes, value);
}
