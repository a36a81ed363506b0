import { open, stat } from 'node:fs/promises';
import { GgufReader } from '../../src/model/gguf-reader.ts';

/** Numbers that stand for the pieces of a text, as a model reads it. */
export interface Tokenizer {
	encode(text: string): number[];
	decode(tokens: readonly number[]): string;
}

/**
 * How the text is parted before its parts are looked up: line breaks, words and punctuation with the white space before them, digits one
 * by one, and what is left. As llama.cpp does for deepseek-coder (`LLAMA_VOCAB_PRE_TYPE_DEEPSEEK_CODER`).
 */
const parts = /[\r\n]|\s?\p{L}+|\s?\p{P}+|\p{N}|(?:(?!\s?\p{L}|\s?\p{P}|\p{N}|[\r\n])[\s\S])+/gu;

/** Byte pair encoding, with what has been encoded before remembered line by line: prompts repeat themselves. */
export class BytePairTokenizer implements Tokenizer {
	readonly #ids = new Map<string, number>();
	readonly #ranks = new Map<string, number>();
	readonly #texts: readonly string[];
	readonly #special: RegExp;
	readonly #lines = new Map<string, readonly number[]>();
	readonly #parts = new Map<string, readonly number[]>();

	constructor(vocabulary: { readonly tokens: readonly string[]; readonly merges: readonly string[] }, special: readonly string[]) {
		this.#texts = vocabulary.tokens;
		for (const [id, token] of vocabulary.tokens.entries()) this.#ids.set(token, id);
		for (const [rank, pair] of vocabulary.merges.entries()) this.#ranks.set(pair, rank);
		this.#special = new RegExp(`(${special.map((token) => token.replaceAll(/[|\\{}()[\]^$+*?.]/g, '\\$&')).join('|')})`);
	}

	encode(text: string): number[] {
		const tokens: number[] = [];
		for (const [index, piece] of text.split(this.#special).entries()) {
			if (index % 2 === 1) tokens.push(this.#ids.get(piece) ?? 0);
			else for (const line of piece.split(/(?<=\n)/)) tokens.push(...this.#line(line));
		}
		return tokens;
	}

	decode(tokens: readonly number[]): string {
		const text = tokens.map((token) => this.#texts[token] ?? '').join('');
		return Buffer.from([...text].map((character) => byteOf.get(character) ?? 0x3f)).toString('utf8');
	}

	#line(line: string): readonly number[] {
		const known = this.#lines.get(line);
		if (known) return known;
		const tokens = [...line.matchAll(parts)].flatMap(([part]) => this.#part(part));
		this.#lines.set(line, tokens);
		return tokens;
	}

	#part(part: string): readonly number[] {
		const known = this.#parts.get(part);
		if (known) return known;
		const pieces = [...Buffer.from(part, 'utf8')].map((byte) => characterOf[byte] ?? '');
		while (pieces.length > 1) {
			const best = this.#nextMerge(pieces);
			if (best < 0) break;
			pieces.splice(best, 2, `${pieces[best]}${pieces[best + 1]}`);
		}
		const tokens = pieces.map((piece) => this.#ids.get(piece) ?? 0);
		this.#parts.set(part, tokens);
		return tokens;
	}

	/** Where the two neighbours are that belong together most. */
	#nextMerge(pieces: readonly string[]): number {
		let best = -1;
		let bestRank = Number.POSITIVE_INFINITY;
		for (let i = 0; i + 1 < pieces.length; i++) {
			const rank = this.#ranks.get(`${pieces[i]} ${pieces[i + 1]}`) ?? Number.POSITIVE_INFINITY;
			if (rank < bestRank) [best, bestRank] = [i, rank];
		}
		return best;
	}
}

/** The characters that vocabularies of this kind write bytes as: printable ones as themselves, the others from U+0100 on. */
const characterOf: readonly string[] = (() => {
	let next = 0x100;
	const isPrintable = (byte: number) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
	return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
})();
const byteOf = new Map(characterOf.map((character, byte) => [character, byte]));

/** The vocabulary in a GGUF file, weights or not. */
export async function readVocabulary(path: string): Promise<{ tokens: string[]; merges: string[] }> {
	const file = await open(path);
	try {
		const reader = new GgufReader(file, path, (await stat(path)).size);
		for (let field = 0; field < 2; field++) await reader.u32();
		await reader.u64();
		const found = new Map<string, string[]>();
		for (let left = await reader.u64(); left > 0; left--) {
			const strings: string[] = [];
			found.set(await reader.string(), strings);
			await reader.value((text) => strings.push(text));
		}
		return { tokens: found.get('tokenizer.ggml.tokens') ?? [], merges: found.get('tokenizer.ggml.merges') ?? [] };
	} finally {
		await file.close();
	}
}
