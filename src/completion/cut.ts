import { unpaired } from './brackets.ts';
import { whereItComes } from './landmark.ts';
import { layOut } from './lay-out.ts';
import type { Layout } from './layout.ts';
import { indentation, isBlank } from './lines.ts';
import { untilMark, withoutEcho, withoutFence } from './marks.ts';
import { isInCircles } from './repetition.ts';
import { openStretch } from './scan.ts';

/** How much is wanted of an answer, and how its place looks. */
export interface Shape {
	/** Lines with text in them. */
	readonly maxLines: number;
	/** The answer may begin on the next line, because a block opens at the cursor. */
	readonly opensBlock: boolean;
	/** Of the code that the answer continues; absent where it does not continue code. */
	readonly languageId?: string | undefined;
	/** Column at which the statement at the cursor begins. */
	readonly indent: number;
	/** The end of the block is there already. */
	readonly hasEnd?: boolean;
	/** A blank line between two statements of the block does not end it. */
	readonly takesParagraphs?: boolean;
	/** The cursor is on an empty line, whose further indentation the answer may bring. */
	readonly isEmptyLine?: boolean;
	readonly layout?: Layout | undefined;
	/** What a model says again though it stands before the cursor. */
	readonly echoes?: readonly string[];
	/** What the answer comes to, and where it ends. */
	readonly landmark?: string | undefined;
	/** White space before the answer is out of place. */
	readonly joins?: boolean;
	/** Fences (three ticks) are part of the document's language. */
	readonly hasFences?: boolean;
}

/** The part of an answer that is wanted, and whether nothing that may still come can change it. */
export interface Cut {
	readonly text: string;
	readonly isComplete: boolean;
}

type Verdict = 'keep' | 'last' | 'stop';

/**
 * Cuts an answer to its shape while it arrives: at special tokens and fences, at the end of the line or block, before a blank line,
 * and where the model goes in circles. What it lets through is indented like the document. `isFinal` says that no more will come,
 * `isOutOfTokens` that more would have come.
 */
export function cut(raw: string, shape: Shape, specialTokens: readonly string[], isFinal: boolean, isOutOfTokens = false): Cut {
	const { text: said, isComplete } = untilMark(isOutOfTokens ? withoutHalfLine(raw) : raw, specialTokens, isFinal);
	const inside = withoutFence(said, shape.hasFences ?? false, isComplete);
	const code = withoutEcho(inside, shape.echoes ?? [], isComplete).replace(shape.joins ? /^[ \t]+/ : /^$/, '');
	const lines = code.split('\n');
	const wanted = upToEnd(shape.layout ? layOut(lines, shape.layout, shape) : lines, shape, isComplete);
	if (shape.landmark === undefined) return wanted;
	const endsItself = isComplete && !isOutOfTokens && !code.trim().includes('\n');
	return upToLandmark(wanted, shape.landmark, endsItself && !code.endsWith('\n'));
}

/** What ends by itself in the middle of a line, and closes nothing that was open before it, is taken to go on with what stands there. */
function upToLandmark({ text, isComplete }: Cut, landmark: string, endsItself: boolean): Cut {
	const at = whereItComes(landmark, text, isComplete);
	if (at >= 0) return { text: text.slice(0, at + landmark.length), isComplete: true };
	const goesOn = endsItself && text !== '' && unpaired(text).closers.length === 0;
	return { text: goesOn ? text + landmark : text, isComplete };
}

/** The last of several lines may be there in part only. */
function withoutHalfLine(raw: string): string {
	const whole = raw.slice(0, Math.max(0, raw.lastIndexOf('\n')));
	return isBlank(whole) ? raw : whole;
}

function upToEnd(lines: readonly string[], shape: Shape, ended: boolean): Cut {
	const end = new End(shape);
	for (const [index, line] of lines.entries()) {
		// The last line may still grow; only its indentation can be judged.
		const isGrowing = index === lines.length - 1 && !ended;
		const verdict = end.judge(line, isGrowing);
		if (verdict !== 'keep') return { text: end.text, isComplete: true };
	}
	return { text: end.text, isComplete: ended };
}

/** A statement that was begun is finished, if that takes no more than half as many lines again. */
const grace = 1.5;
/** A line that comes this often is the model going in circles. */
const mostRepeats = 3;

/** Finds where an answer ends, line by line. */
class End {
	readonly #shape: Shape;
	readonly #kept: string[] = [];
	/** Column of the answer's own level, once it is known. */
	#floor: number | undefined;
	#base: number;

	constructor(shape: Shape) {
		this.#shape = shape;
		this.#base = shape.indent;
	}

	get text(): string {
		const last = this.#kept.findLastIndex((line) => !isBlank(line));
		// What grows on a line of its own is still to come.
		return this.#kept.slice(0, last + 1).join('\n');
	}

	get #filled(): string[] {
		return this.#kept.filter((line) => !isBlank(line));
	}

	judge(line: string, isGrowing: boolean): Verdict {
		const verdict = this.#kept.length === 0 ? this.#first(line) : isBlank(line) ? this.#blank(isGrowing) : this.#further(line, isGrowing);
		if (verdict === 'stop') return verdict;
		this.#kept.push(isBlank(line) ? '' : verdict === 'last' ? withoutSequel(line) : line);
		if (isInCircles(line)) return 'last';
		const { maxLines } = this.#shape;
		const most = maxLines === 1 ? 1 : Math.floor(maxLines * grace);
		return this.#filled.length >= most && !isGrowing ? 'last' : verdict;
	}

	/** What stands on the cursor's line. */
	#first(line: string): Verdict {
		if (isBlank(line)) return 'keep';
		if (this.#shape.isEmptyLine) this.#base += indentation(line);
		if (!this.#shape.opensBlock) this.#floor = this.#base;
		return 'keep';
	}

	/** A blank line ends what it follows, but not in the middle of a block that the answer opened, nor right behind the cursor's line. */
	#blank(isGrowing: boolean): Verdict {
		const last = this.#filled.at(-1);
		if (last === undefined) return this.#shape.opensBlock && this.#kept.length <= 2 ? 'keep' : 'stop';
		if (isGrowing || this.#shape.takesParagraphs) return 'keep';
		const isNested = this.#filled.length > 1 && this.#floor !== undefined && indentation(last) > this.#floor;
		return isNested || this.#isInText() ? 'keep' : 'stop';
	}

	/** In a string or comment of several lines that the answer began. */
	#isInText(): boolean {
		const { languageId } = this.#shape;
		// A line break ends what does not go over several lines.
		return languageId !== undefined && openStretch(`${this.#kept.join('\n')}\n`, languageId) !== undefined;
	}

	#further(line: string, isGrowing: boolean): Verdict {
		const { opensBlock, hasEnd, takesParagraphs, hasFences } = this.#shape;
		if (this.#filled.length === 0 && !opensBlock) return 'stop';
		if (!hasFences && line.startsWith('```')) return 'stop';
		const column = indentation(line);
		// Inside a text of several lines indentation is part of it.
		if (column < this.#base) return this.#isInText() && !this.#comesBack(line) ? 'keep' : 'stop';
		// `}`, `});`, `end` at the level of the cursor's line belong to the block that it opened.
		if (opensBlock && column === this.#base) return isGrowing ? 'keep' : hasEnd || !isCloser(line) ? 'stop' : 'last';
		this.#floor ??= column;
		const isAfterBlank = isBlank(this.#kept.at(-1) ?? '') && this.#filled.length > 0;
		if (isAfterBlank && column <= this.#floor && !takesParagraphs && !this.#isInText()) return 'stop';
		if (this.#filled.length >= this.#shape.maxLines && column <= this.#floor && !goesOn(line)) return 'stop';
		return this.#comesBack(line) ? 'stop' : 'keep';
	}

	/** The last few lines over and over. */
	#comesBack(line: string): boolean {
		const lines = [...this.#filled.map((kept) => kept.trim()), line.trim()];
		return [1, 2, 3].some((period) => {
			const tail = lines.slice(-period * (mostRepeats - 1) - 1);
			return tail.length === period * (mostRepeats - 1) + 1 && tail.every((kept, index) => index < period || kept === tail[index - period]);
		});
	}
}

/** Whether a line belongs to the statement before it, though it is no deeper. */
function goesOn(line: string): boolean {
	return (
		/^\s*([)\]}.?:&|+*]|(else|elif|elsif|except|catch|finally|rescue|end|fi|done|esac|while|until)\b)/.test(line) || line.trim() === '{'
	);
}

const closer = /^\s*([)\]}]+[;,)]*|(end|fi|done|esac)\b[;,)]*|<\/[^<>]*>)/;

function isCloser(line: string): boolean {
	return closer.test(line);
}

/** `} else {` ends a block and begins another, which is more than was asked for. */
function withoutSequel(line: string): string {
	return closer.exec(line)?.[0] ?? line;
}
