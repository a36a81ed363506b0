import { type FileHandle, open, stat } from 'node:fs/promises';
import { systemCode } from './download-error.ts';
import { GgufError } from './gguf-error.ts';
import { GgufReader, type GgufValue } from './gguf-reader.ts';

/** What the header of a GGUF file says of the model in it. */
export interface GgufFacts {
	/** For example `qwen2`. */
	readonly architecture: string;
	/** For example `Qwen2.5 Coder 0.5B Instruct`; absent in old files. */
	readonly name: string | undefined;
	/** For example `Qwen2.5-Coder`; absent in old files. */
	readonly basename: string | undefined;
	/** Tokens the weights were trained for. */
	readonly contextLength: number | undefined;
	/** What the state of each token that the model has read takes in memory; undefined where the header does not say. */
	readonly stateBytesPerToken: number | undefined;
	/** Those of its tokens that stand for a hole in code. None: the model cannot fill holes. */
	readonly fimTokens: readonly string[];
	readonly bytes: number;
}

/** The marks of all families in `fim.ts`; most vocabularies have other tokens in angle brackets as well. */
const fimToken = /^(▁?<[|｜]?fim[_▁](prefix|suffix|middle|begin|hole|end)[|｜]?>|▁?<(PRE|SUF|MID)>|\[(PREFIX|SUFFIX|MIDDLE)\])$/;

/** Beyond these the header is not that of a model. */
const mostValues = 65_536;
const mostTensors = 1 << 20;
const mostDimensions = 4;

/**
 * Looks into a file that the user chose: whether it is a whole GGUF file, and of what. Reads only its header (a few megabytes).
 * @throws GgufError
 */
export async function readGguf(path: string): Promise<GgufFacts> {
	const { file, size } = await openFile(path);
	try {
		const reader = new GgufReader(file, path, size);
		return await readHeader(reader, path, size);
	} finally {
		await file.close();
	}
}

async function openFile(path: string): Promise<{ file: FileHandle; size: number }> {
	try {
		const stats = await stat(path);
		if (!stats.isFile()) throw new GgufError('not-a-file', `${path} is not a file. Choose the .gguf file in it.`);
		if (stats.size === 0) throw new GgufError('damaged', `${path} is empty. Download it again.`);
		return { file: await open(path), size: stats.size };
	} catch (cause) {
		if (systemCode(cause) === 'ENOENT') throw new GgufError('missing', `${path} does not exist.`, cause);
		if (systemCode(cause) === 'EACCES' || systemCode(cause) === 'EPERM') {
			throw new GgufError('no-permission', `${path} cannot be read: no permission.`, cause);
		}
		throw cause;
	}
}

async function readHeader(reader: GgufReader, path: string, size: number): Promise<GgufFacts> {
	await refuseOthers(reader, path, size);
	const [tensors, values] = [await reader.u64(), await reader.u64()];
	if (tensors > mostTensors || values > mostValues) throw reader.damaged(`a header of ${values} values and ${tensors} tensors`);
	const facts = new Map<string, GgufValue>();
	const fimTokens: string[] = [];
	for (let index = 0; index < values; index++) {
		const key = await reader.string();
		const onString = (text: string) => {
			if (key === 'tokenizer.ggml.tokens' && fimToken.test(text)) fimTokens.push(text);
		};
		facts.set(key, await reader.value(onString));
	}
	if (tensors === 0) throw new GgufError('unsupported', `${path} has a vocabulary but no weights.`);
	await refuseCutOff(reader, tensors, Number(facts.get('general.alignment') ?? 32), size);
	const architecture = textOf(facts.get('general.architecture'));
	if (architecture === undefined) throw new GgufError('unsupported', `${path} does not say which kind of model it is.`);
	const number = (name: string) => numberOf(facts.get(`${architecture}.${name}`));
	return {
		architecture,
		name: textOf(facts.get('general.name')),
		basename: textOf(facts.get('general.basename')),
		contextLength: number('context_length'),
		stateBytesPerToken: stateBytes(number),
		fimTokens,
		bytes: size,
	};
}

const magic = 0x46554747;

async function refuseOthers(reader: GgufReader, path: string, size: number): Promise<void> {
	if (size < 4 || (await reader.u32()) !== magic) {
		throw new GgufError('not-gguf', `${path} is not a GGUF file. Choose a model in GGUF format, which is what llama.cpp loads.`);
	}
	const version = await reader.u32();
	if (version === 2 || version === 3) return;
	const what = version > 0xffff ? 'for machines of the other byte order' : `version ${version} of the format`;
	throw new GgufError('unsupported', `${path} is ${what}, which is not supported. Convert it again.`);
}

/** The weights come after the header; where the last of them ends is where the file may end. */
async function refuseCutOff(reader: GgufReader, tensors: number, alignment: number, size: number): Promise<void> {
	let end = 0;
	for (let index = 0; index < tensors; index++) {
		await reader.string();
		const dimensions = await reader.u32();
		if (dimensions > mostDimensions) throw reader.damaged(`weights with ${dimensions} dimensions`);
		let elements = 1;
		for (let dimension = 0; dimension < dimensions; dimension++) elements *= await reader.u64();
		const kind = await reader.u32();
		end = Math.max(end, (await reader.u64()) + weightBytes(kind, elements));
	}
	const start = Math.ceil(reader.position / alignment) * alignment;
	if (start + end > size) throw reader.cutOff(start + end - size);
}

/** Elements and bytes per block of each kind of weights, by its number in llama.cpp (`ggml_type`). */
const blocks: Readonly<Record<number, readonly [elements: number, bytes: number]>> = {
	0: [1, 4],
	1: [1, 2],
	2: [32, 18],
	3: [32, 20],
	6: [32, 22],
	7: [32, 24],
	8: [32, 34],
	9: [32, 36],
	10: [256, 84],
	11: [256, 110],
	12: [256, 144],
	13: [256, 176],
	14: [256, 210],
	15: [256, 292],
	16: [256, 66],
	17: [256, 74],
	18: [256, 98],
	19: [256, 50],
	20: [32, 18],
	21: [256, 110],
	22: [256, 82],
	23: [256, 136],
	24: [1, 1],
	25: [1, 2],
	26: [1, 4],
	27: [1, 8],
	28: [1, 8],
	29: [256, 56],
	30: [1, 2],
};

/** 0 for a kind that came later: then a file that is cut off within its last weights goes unnoticed here. */
function weightBytes(kind: number, elements: number): number {
	const [perBlock, bytes] = blocks[kind] ?? [1, 0];
	return (elements / perBlock) * bytes;
}

/** A key and a value of two bytes per element for each layer and each head that has its own. */
function stateBytes(number: (name: string) => number | undefined): number | undefined {
	const [layers, heads, width] = [number('block_count'), number('attention.head_count'), number('embedding_length')];
	if (!layers || !heads || !width) return undefined;
	const length = (part: string) => number(`attention.${part}_length`) ?? width / heads;
	return 2 * layers * (number('attention.head_count_kv') ?? heads) * (length('key') + length('value'));
}

function numberOf(value: GgufValue): number | undefined {
	return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

function textOf(value: GgufValue): string | undefined {
	return typeof value === 'string' ? value : undefined;
}
