import type { ModelFacts } from '../model/language-model.ts';
import { StopFilter } from '../std/stop-filter.ts';
import { cut, type Shape } from './cut.ts';
import type { FillEnd } from './fill.ts';

/** Takes an answer piece by piece, and says what of it can be passed on. */
export interface FillText {
	readonly isOver: boolean;
	push(piece: string): string;
	/** What was held back, when nothing more comes. */
	rest(isOutOfTokens: boolean): string;
}

/** All of it up to a stop, or to a line that is not deep enough; a model's own marks are none of its text. */
export class Verbatim implements FillText {
	readonly #filter: StopFilter;
	readonly #end: FillEnd;
	#text = '';
	/** Line breaks and indentation, as long as nothing comes after them. */
	#held = '';
	#isOver = false;

	constructor(end: FillEnd, { template }: ModelFacts) {
		this.#filter = new StopFilter([...end.stop, ...template.stop, ...template.specialTokens]);
		this.#end = end;
	}

	get isOver(): boolean {
		return this.#isOver;
	}

	push(piece: string): string {
		const fresh = this.#deepEnough(this.#filter.push(piece));
		this.#text += fresh;
		this.#isOver ||= this.#filter.isStopped || this.#end.isEnough?.(this.#text) === true;
		return fresh;
	}

	rest(): string {
		const last = this.#isOver ? '' : this.#deepEnough(this.#filter.flush());
		return last + this.#held;
	}

	#deepEnough(fresh: string): string {
		const { leastIndent = 0 } = this.#end;
		if (leastIndent === 0) return fresh;
		const text = this.#held + fresh;
		for (const { index, 1: indent = '' } of text.matchAll(/\n([ \t]*)(?=\S)/g)) {
			if (indent.length >= leastIndent) continue;
			this.#isOver = true;
			this.#held = '';
			return text.slice(0, index).trimEnd();
		}
		const shown = text.length - (/\n\s*$/.exec(text)?.[0].length ?? 0);
		this.#held = text.slice(shown);
		return text.slice(0, shown);
	}
}

/** Whole lines, as long as they belong to the block. */
export class BlockLines implements FillText {
	readonly #shape: Shape;
	readonly #specialTokens: readonly string[];
	#raw = '';
	#passed = 0;
	#isOver = false;

	constructor(shape: Shape, { template }: ModelFacts) {
		this.#shape = shape;
		this.#specialTokens = template.specialTokens;
	}

	get isOver(): boolean {
		return this.#isOver;
	}

	push(piece: string): string {
		this.#raw += piece;
		const { text, isComplete } = this.#cut(false, false);
		this.#isOver = isComplete;
		// Whether the line break belongs to it is known when the next line has come.
		return this.#pass(isComplete ? text : text.slice(0, Math.max(0, text.lastIndexOf('\n'))).trimEnd());
	}

	rest(isOutOfTokens: boolean): string {
		return this.#pass(this.#cut(true, isOutOfTokens).text);
	}

	#cut(isFinal: boolean, isOutOfTokens: boolean) {
		return cut(this.#raw, this.#shape, this.#specialTokens, isFinal, isOutOfTokens);
	}

	#pass(text: string): string {
		const fresh = text.slice(this.#passed);
		this.#passed = Math.max(this.#passed, text.length);
		return fresh;
	}
}
