import type { Parse } from '../grammar/syntax.ts';
import type { Language } from '../signature/language.ts';
import { errorsIn } from '../signature/languages/errors.ts';
import { type Reading, SignatureTracker, type TrackedChange } from '../signature/tracker.ts';

/** A text that is open in the editor, with its language and whoever watches its signatures. */
export class OpenText {
	readonly path: string;
	readonly languageId: string;
	readonly tracker: SignatureTracker;
	/** What its tracker said when it was at rest last. */
	changes: readonly TrackedChange[] = [];
	/** Whether it was edited since. */
	isRead = true;
	readonly #language: Language;
	readonly #parse: Parse;

	constructor({ path, languageId, text }: Opened, language: Language, parse: Parse) {
		this.path = path;
		this.languageId = languageId;
		this.#language = language;
		this.#parse = parse;
		this.tracker = new SignatureTracker({ path, languageId }, text, this.#reading(text));
	}

	get text(): string {
		return this.tracker.text;
	}

	/** Looks what became of the signatures that were edited. */
	settle(): void {
		if (this.isRead && this.tracker.active === undefined) return;
		this.changes = this.tracker.settle(this.#reading(this.text));
		this.isRead = true;
	}

	#reading(text: string): Reading {
		using tree = this.#parse(text);
		return { declarations: this.#language.outline(tree.root).declarations, errors: errorsIn(tree.root) };
	}
}

interface Opened {
	readonly path: string;
	readonly languageId: string;
	readonly text: string;
}
