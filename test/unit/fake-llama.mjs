import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Stands in for node-llama-cpp in a real engine process, to script time and faults. A model file is JSON: `{says, words, stepMs, loadMs,
 * basename, special, dies}`. Its tokens are the 256 bytes, its `words` and its special tokens. What was loaded and evaluated is
 * appended to `<file>.log`, one line each.
 */
export const getLlama = llamaOn({});

export class NoBinaryFoundError extends Error {}

/**
 * `getLlama` as it would be on a machine with a graphics `card`, or with the `libraries` for one only. A card may `fail`: when a model is
 * loaded, or so that the process dies while it computes. `has` are the binaries that there are: `false` is the one for the processor.
 * The processor may have so little that the engine `dies` of it.
 */
export function llamaOn({ card, libraries = card !== undefined, fails, has = [false, 'auto'], dies }) {
	return async ({ gpu }) => {
		if (dies) process.kill(process.pid, dies);
		if (!has.includes(gpu)) throw new NoBinaryFoundError('NoBinaryFoundError');
		const isForCards = gpu === 'auto' && libraries;
		return {
			gpu: isForCards ? 'vulkan' : false,
			supportsGpuOffloading: isForCards && card !== undefined,
			getGpuDeviceNames: async () => (card ? [card] : []),
			getVramState: async () => ({ total: 8e9, free: 7e9, unifiedSize: 0 }),
			cpuMathCores: 2,
			loadModel: async ({ modelPath, gpuLayers }) => {
				const isOnCard = gpuLayers !== 0;
				if (isOnCard && fails === 'when loading') throw new Error('vk::Device::createBuffer: ErrorDeviceLost');
				return await FakeModel.load(modelPath, isOnCard ? card : undefined, isOnCard && fails === 'when computing');
			},
			createGrammar: async ({ grammar }) => {
				if (!grammar.startsWith('root ::=')) throw new Error('Failed to parse grammar');
				return { text: /"(.*)"/.exec(grammar)?.[1] ?? '' };
			},
			dispose: async () => {},
		};
	};
}

export class TokenBias {
	tokens = new Set();

	static for() {
		return new TokenBias();
	}

	set(token) {
		this.tokens.add(token);
	}
}

/** Its grammars allow one text. */
export class LlamaGrammarEvaluationState {
	constructor({ grammar }) {
		this.text = grammar.text;
	}
}

const bytes = 256;

class FakeModel {
	trainContextSize = 32_768;
	tokens = { bos: null, shouldPrependBosToken: false };

	constructor(path, script) {
		this.path = path;
		this.script = {
			says: '',
			words: [],
			stepMs: 0,
			special: ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>', '<|file_sep|>'],
			...script,
		};
		this.texts = [...this.script.words, ...this.script.special].map((text) => Buffer.from(text));
		this.fileInfo = { metadata: { general: { basename: this.script.basename ?? 'Qwen2.5-Coder' } } };
	}

	static async load(path, card, isDeadly) {
		const text = readFileSync(path, 'utf8');
		if (!text.startsWith('{')) throw new Error(`Invalid GGUF magic. Expected "GGUF" but got "${text.slice(0, 4)}".`);
		const model = new FakeModel(path, JSON.parse(text));
		if (isDeadly) model.script.dies = 'while generating';
		if (model.script.dies === 'while loading') process.kill(process.pid, 'SIGKILL');
		await delay(model.script.loadMs ?? 0);
		model.note(card ? `loaded on ${card}` : 'loaded');
		return model;
	}

	note(line) {
		appendFileSync(`${this.path}.log`, `${line}\n`);
	}

	async createContext({ contextSize }) {
		return { contextSize, getSequence: () => new FakeSequence(this) };
	}

	/** Special tokens, then words and bytes: the longest token that fits, as far as the text goes. */
	tokenize(text, specialTokens) {
		const tokens = [];
		const rest = Buffer.from(text);
		for (let at = 0; at < rest.length; ) {
			const found = this.longestAt(rest, at, specialTokens);
			tokens.push(found === undefined ? rest[at] : found + bytes);
			at += found === undefined ? 1 : this.texts[found].length;
		}
		return tokens;
	}

	longestAt(text, at, specialTokens) {
		let best;
		for (const [index, word] of this.texts.entries()) {
			if (!specialTokens && this.isSpecial(index + bytes)) continue;
			const fits = text.subarray(at, at + word.length).equals(word);
			if (fits && (best === undefined || word.length > this.texts[best].length)) best = index;
		}
		return best;
	}

	isSpecial(token) {
		return token >= bytes + this.script.words.length;
	}

	detokenize(tokens, specialTokens) {
		const seen = tokens.filter((token) => specialTokens || !this.isSpecial(token));
		return Buffer.concat(seen.map((token) => (token < bytes ? Buffer.of(token) : this.texts[token - bytes]))).toString();
	}

	iterateAllTokens() {
		return Array.from({ length: bytes + this.texts.length }, (_, token) => token).values();
	}

	async dispose() {
		this.note('disposed');
	}
}

class FakeSequence {
	#model;
	#state = [];

	constructor(model) {
		this.#model = model;
	}

	get nextTokenIndex() {
		return this.#state.length;
	}

	async adaptStateToTokens(tokens) {
		const different = this.#state.findIndex((token, index) => token !== tokens[index]);
		if (different >= 0) this.#state.length = different;
	}

	async evaluateWithoutGeneratingNewTokens(tokens) {
		this.#model.note(`evaluated ${tokens.length}`);
		this.#state.push(...tokens);
		await delay(this.#model.script.stepMs);
	}

	/** What it says is the rest of `says` after what the forced beginning had in common with it. */
	async *evaluate(tokens, { tokenBias, grammarEvaluationState, temperature, seed }) {
		const { script } = this.#model;
		const says = temperature > 0 ? script.sampled[seed] : script.says;
		const answer = this.#model.tokenize(grammarEvaluationState?.text ?? says, true);
		let said = 0;
		for (let next = tokens; ; ) {
			await this.evaluateWithoutGeneratingNewTokens(next);
			if (script.dies === 'while generating' && said === 2) process.kill(process.pid, 'SIGKILL');
			const allowed = tokenBias?.().tokens ?? new Set();
			const wanted = answer[said++];
			const token = allowed.size === 0 || allowed.has(wanted) ? wanted : [...allowed].at(-1);
			if (token === undefined) return;
			yield token;
			next = [token];
		}
	}
}
