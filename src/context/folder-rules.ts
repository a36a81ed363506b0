import { setTimeout as sleep } from 'node:timers/promises';
import { IgnoreRules } from './index/ignore-rules.ts';
import type { RuleFile, readLater } from './index/rule-files.ts';

/** `unknown` as long as what decides is being read. */
export type Verdict = boolean | 'unknown';

export type Question = 'isListed' | 'isIgnoredWithParents';

/** In milliseconds, after a disk has said that it cannot read what is there. */
const againMs = 1000;
/** Of a process's four threads for that. With two, what is on another disk below a folder may hang, and the rest goes on. */
const mostReads = 2;
/** Nobody waits for more; whoever does asks again whenever something is known. */
const mostOpen = 50;

/** Thrown where an answer needs a file that is not in memory. One object for all of them: where it is thrown says nothing, and costs time. */
class Unread extends Error {
	override readonly name = 'Unread';
	path = '';
}

/** What somebody wanted to know and was not told. */
interface OpenQuestion {
	readonly ask: () => boolean;
	/** The file that it needs first. */
	missing: string;
}

/**
 * The rules of one folder, answered from what is in memory. What is asked and cannot be answered is read from then on.
 *
 * Invariant: no more than `mostReads` files are being read at a time, whatever happens, and none of them twice.
 */
export class FolderRules {
	/** As addresses have it. */
	readonly path: string;
	readonly #root: string;
	readonly #read: typeof readLater;
	readonly #onAnswer: () => void;
	readonly #files = new Map<string, RuleFile | undefined>();
	/** The latest last. */
	readonly #open = new Map<string, OpenQuestion>();
	readonly #unread = new Unread();
	#rules: IgnoreRules;
	readonly #reading = new Set<string>();
	/** Grows: what was read before is not what is there now. */
	#beginnings = 0;

	constructor(path: string, root: string, read: typeof readLater, onAnswer: () => void) {
		this.path = path;
		this.#root = root;
		this.#read = read;
		this.#onAnswer = onAnswer;
		this.#rules = this.#rulesWith([]);
	}

	/** From now on nothing is known. */
	begin(exclude: readonly string[]): void {
		this.#beginnings++;
		this.#files.clear();
		this.#rules = this.#rulesWith(exclude);
	}

	/** Nobody wants to know anything any more. */
	end(): void {
		this.#open.clear();
	}

	/** `inside` is from the folder, with `/`. */
	says(question: Question, inside: string): Verdict {
		const ask = () => this.#rules[question](inside);
		const answer = this.#answerTo(ask);
		if (answer !== undefined) return answer;
		const key = `${question} ${inside}`;
		this.#open.delete(key);
		this.#open.set(key, { ask, missing: this.#unread.path });
		for (const oldest of this.#open.keys()) {
			if (this.#open.size <= mostOpen) break;
			this.#open.delete(oldest);
		}
		this.#readMore();
		return 'unknown';
	}

	#rulesWith(exclude: readonly string[]): IgnoreRules {
		const look = (path: string) => {
			if (this.#files.has(path)) return this.#files.get(path);
			this.#unread.path = path;
			throw this.#unread;
		};
		return new IgnoreRules(this.#root, exclude, [], look);
	}

	/** What was asked last somebody may be waiting for. */
	#readMore(): void {
		const open = this.#open.size;
		for (const [key, question] of [...this.#open].reverse()) {
			if (this.#reading.has(question.missing)) continue;
			if (this.#answerTo(question.ask) !== undefined) {
				this.#open.delete(key);
				continue;
			}
			question.missing = this.#unread.path;
			if (this.#reading.size < mostReads && !this.#reading.has(question.missing)) void this.#take(question.missing);
		}
		if (this.#open.size < open) this.#onAnswer();
	}

	async #take(path: string): Promise<void> {
		const beginnings = this.#beginnings;
		this.#reading.add(path);
		try {
			const found = await this.#read(path);
			// It may have changed while it was read.
			if (beginnings === this.#beginnings) this.#files.set(path, found);
		} catch {
			await sleep(againMs, undefined, { ref: false });
		} finally {
			this.#reading.delete(path);
		}
		this.#readMore();
	}

	/** Undefined where a file is missing, and `#unread` has which. */
	#answerTo(ask: () => boolean): boolean | undefined {
		try {
			return ask();
		} catch (error) {
			if (error === this.#unread) return undefined;
			throw error;
		}
	}
}
