import { languageOf } from '../../src/completion/language.ts';
import { type ContentChange, Position, type TextDocument, type Uri } from './vscode.ts';

/** A text in the editor. Lines end in `\n`. */
export class Document implements TextDocument {
	readonly uri: Uri;
	readonly languageId: string;
	version = 1;
	text: string;
	/** Where lines begin, as far as anybody has asked since the last change. */
	#starts: number[] | undefined;

	constructor(path: string, text: string) {
		this.uri = { scheme: 'file', path, fragment: '', toString: () => `file://${path}` };
		this.languageId = languageOf(path);
		this.text = text;
	}

	/** All offsets are those before the change; from the first to the last. */
	change(changes: readonly ContentChange[]): void {
		for (const { rangeOffset, rangeLength, text } of changes.toReversed())
			this.text = this.text.slice(0, rangeOffset) + text + this.text.slice(rangeOffset + rangeLength);
		this.version++;
		this.#starts = undefined;
	}

	get lineCount(): number {
		return this.#lines().length;
	}

	lineAt(line: number): { readonly text: string } {
		const starts = this.#lines();
		const next = starts[line + 1];
		return { text: this.text.slice(starts[line], next === undefined ? undefined : next - 1) };
	}

	positionAt(offset: number): Position {
		const starts = this.#lines();
		let [low, high] = [0, starts.length - 1];
		while (low < high) {
			const middle = Math.ceil((low + high) / 2);
			if ((starts[middle] ?? 0) <= offset) low = middle;
			else high = middle - 1;
		}
		return new Position(low, offset - (starts[low] ?? 0));
	}

	offsetAt({ line, character }: Position): number {
		return (this.#lines()[line] ?? this.text.length) + character;
	}

	getText(): string {
		return this.text;
	}

	#lines(): readonly number[] {
		if (this.#starts) return this.#starts;
		const starts = [0];
		for (let end = this.text.indexOf('\n'); end >= 0; end = this.text.indexOf('\n', end + 1)) starts.push(end + 1);
		this.#starts = starts;
		return starts;
	}
}
