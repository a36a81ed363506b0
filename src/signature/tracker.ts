import { callable } from './changes.ts';
import { changeOf, type SignatureChange } from './diff.ts';
import type { KnownIdentity } from './identity.ts';
import { Marker } from './marker.ts';
import { NewNames } from './new-names.ts';
import type { Declaration } from './signature.ts';
import { applyEdits, type Range, type TextEdit } from './text-edit.ts';

/** Who made an edit: somebody who types, the editor's undo and redo, Co-Clone itself, or something else that edits texts. */
export type EditOrigin = 'typed' | 'undone' | 'ours' | 'foreign';

/**
 * What an edit was to signatures: nothing, one that is looked at now, or so much at once that nobody typed it. A formatter, a branch that
 * is checked out and an agent do that.
 */
export type EditEffect = 'none' | 'begun' | 'continued' | 'bulk';

/** What can be said of a text once it is parsed. */
export interface Reading {
	readonly declarations: readonly Declaration[];
	/** What could not be parsed. */
	readonly errors: readonly Range[];
}

interface Place {
	readonly path: string;
	readonly languageId: string;
}

/** A signature somebody edits or edited, with what it was before the first keystroke in it. */
export interface TrackedChange {
	/** Its number in its text. */
	readonly id: number;
	readonly change: SignatureChange;
	/** The whole text as it was then. */
	readonly textBefore: string;
	/** Whether its dependents have been edited since, all that could be. */
	readonly isDone: boolean;
}

const mostTracked = 20;

/**
 * Watches one text for signatures that are edited in place. It keeps each old declaration from before the first keystroke in it, because
 * afterwards nothing is left that says what the callers were written for, and follows each parameter through the edits, so that a new
 * name is told from another parameter. It parses nothing: whoever has it says how the text reads when nobody types.
 *
 * @example
 * tracker.take([{ start: 11, end: 11, newText: ', b' }], 'typed'); // 'begun'
 * tracker.settle(reading); // one change, with the parameter b added
 */
export class SignatureTracker {
	readonly #place: Place;
	#text: string;
	#signatures: Watched[] = [];
	#edits: SignatureEdit[] = [];
	#active: SignatureEdit | undefined;
	#lastId = 0;
	readonly #newNames = new NewNames();

	constructor(place: Place, text: string, reading: Reading) {
		this.#place = place;
		this.#text = text;
		this.#watch(reading);
	}

	get text(): string {
		return this.#text;
	}

	/** The signature that is edited, and where its name is now: at the first keystroke it is still the old one, and its callers can be asked for. */
	get active(): { readonly id: number; readonly name: string; readonly nameStart: number; readonly textBefore: string } | undefined {
		if (!this.#active) return undefined;
		const { id, before, name, textBefore } = this.#active;
		return { id, name: before.name, nameStart: name.start, textBefore };
	}

	isInActive(offset: number): boolean {
		const span = this.#active?.span;
		return span !== undefined && span.start <= offset && offset <= span.end;
	}

	/** Edits of one event of the editor, each in the text as it was before all of them. */
	take(edits: readonly TextEdit[], origin: EditOrigin): EditEffect {
		const touched = new Set(edits.map((edit) => this.#touched(edit)).filter((watched) => watched !== undefined));
		const isBulk = touched.size > 1 && origin !== 'undone' && origin !== 'ours';
		const [only] = touched;
		const begun = !isBulk && only && origin === 'typed' ? this.#begin(only) : undefined;
		// From the last to the first: none moves another.
		for (const edit of edits.toSorted((left, right) => right.start - left.start)) this.#move(edit);
		this.#text = applyEdits(this.#text, edits);
		if (isBulk) return 'bulk';
		if (begun) return begun;
		return origin === 'undone' && touched.size > 0 && this.#edits.length > 0 ? 'continued' : 'none';
	}

	/** What became of the signatures that were edited, once the text reads again. Those that are as they were are forgotten. */
	settle(reading: Reading): readonly TrackedChange[] {
		const changes = new Map(this.#edits.map((edit) => [edit, edit.read(this.#place, reading)]));
		const isChanged = (edit: SignatureEdit) => (changes.get(edit)?.operations.length ?? 0) > 0;
		const isUnfinished = this.#active !== undefined && isBroken(this.#active.span, reading);
		this.#edits = this.#edits.filter((edit) => isChanged(edit) || isUnfinishedEdit(edit, reading));
		if (!isUnfinished) {
			this.#active = undefined;
			this.#watch(reading);
		}
		return [...changes].flatMap(([edit, change]) => {
			return change && isChanged(edit) ? [{ id: edit.id, change, textBefore: edit.textBefore, isDone: edit.isDone }] : [];
		});
	}

	/** Nobody wants to hear of a change any more, or its dependents are as they should be. */
	forget(id: number): void {
		this.#edits = this.#edits.filter((edit) => edit.id !== id);
		if (this.#active?.id === id) this.#active = undefined;
	}

	/** All was edited that depends on it. Undoing that brings it back. */
	markDone(id: number, isDone: boolean): void {
		for (const edit of this.#edits) if (edit.id === id) edit.isDone = isDone;
	}

	#begin(watched: Watched): EditEffect | undefined {
		const known = this.#edits.find((edit) => edit.watched === watched);
		if (known && !known.isDone) {
			this.#active = known;
			return 'continued';
		}
		if (this.#newNames.has(watched.name.start)) return undefined;
		this.#lastId += 1;
		const edit = new SignatureEdit(this.#lastId, watched, this.#text, siblingsOf(watched.declaration, this.#signatures));
		this.#edits = [...this.#edits.filter((other) => other !== known), edit].slice(-mostTracked);
		this.#active = edit;
		return 'begun';
	}

	/** The innermost, where a function is in the signature of another. */
	#touched({ start, end }: TextEdit): Watched | undefined {
		const around = this.#signatures.filter(({ span }) => span.start <= start && end <= span.end && !span.isGone);
		const [innermost] = around.toSorted((left, right) => left.span.end - left.span.start - (right.span.end - right.span.start));
		return innermost ?? this.#signatures.find(({ span }) => start < span.end && end > span.start && start < end);
	}

	#move(edit: TextEdit) {
		this.#newNames.take(edit, this.#text);
		for (const { span, name } of this.#signatures) {
			takeGreedily(span, edit);
			name.take(edit);
		}
		for (const { parameters } of this.#edits) for (const marker of parameters) marker.take(edit);
	}

	/** Takes over what is known of those that are still edited, so that a next keystroke goes on with them. */
	#watch({ declarations }: Reading) {
		const next = declarations.filter(({ isImplied }) => !isImplied).map((declaration) => new Watched(declaration, this.#text));
		for (const edit of this.#edits) {
			const successor = next.find(({ name }) => name.start === edit.foundAt);
			if (successor) edit.watched = successor;
			else next.push(edit.watched);
		}
		this.#signatures = next;
	}
}

/** A declaration as it was read last, where it is now. */
class Watched {
	readonly declaration: Declaration;
	/** Without its body, and with the blanks up to there. */
	readonly span: Marker;
	readonly name: Marker;

	constructor(declaration: Declaration, text: string) {
		this.declaration = declaration;
		this.span = new Marker(signatureRange(declaration, text));
		this.name = new Marker(declaration.nameRange);
	}
}

class SignatureEdit {
	readonly id: number;
	watched: Watched;
	readonly before: Declaration;
	readonly textBefore: string;
	readonly parameters: readonly Marker[];
	/** Where its name was when it was read last. */
	foundAt: number | undefined;
	isDone = false;
	readonly #siblings: readonly Declaration[];

	constructor(id: number, watched: Watched, text: string, siblings: readonly Declaration[]) {
		this.id = id;
		this.watched = watched;
		this.#siblings = siblings;
		this.before = watched.declaration;
		this.textBefore = text;
		this.parameters = this.before.parameters.map(({ range }) => new Marker(range));
	}

	get span(): Marker {
		return this.watched.span;
	}

	get name(): Marker {
		return this.watched.name;
	}

	read(place: Place, reading: Reading): SignatureChange | undefined {
		const after = isBroken(this.span, reading) ? undefined : this.#find(reading.declarations);
		this.foundAt = after?.nameRange.start;
		return after && changeOf({ ...place, siblings: this.#siblings }, this.before, after, this.#known(after));
	}

	/** The one whose name is where the old one's was; by its own name if that was typed over. */
	#find(declarations: readonly Declaration[]): Declaration | undefined {
		const here = declarations.filter(({ range }) => range.start <= this.span.end && range.end >= this.span.start && !this.span.isGone);
		const named = here.filter(({ nameRange }) => this.name.isIn({ start: nameRange.start, end: nameRange.end }));
		return (
			named.find(({ kind }) => kind === this.before.kind) ??
			named[0] ??
			here.find(({ name, container }) => name === this.before.name && container === this.before.container)
		);
	}

	#known({ parameters }: Declaration): KnownIdentity {
		const known = new Map<number, number>();
		for (const [old, marker] of this.parameters.entries()) {
			const index = parameters.findIndex(({ range }) => marker.isIn(range));
			if (index >= 0 && !known.has(index)) known.set(index, old);
		}
		return known;
	}
}

function siblingsOf({ name, container }: Declaration, signatures: readonly Watched[]): readonly Declaration[] {
	const declarations = signatures.map(({ declaration }) => declaration);
	return callable(declarations.filter((other) => other.name === name && other.container === container));
}

function isUnfinishedEdit({ span }: SignatureEdit, reading: Reading): boolean {
	return !span.isGone && span.end > span.start && isBroken(span, reading);
}

function isBroken({ start, end }: Range, { errors }: Reading): boolean {
	return errors.some((error) => error.start <= end && error.end >= start);
}

function signatureRange({ range, bodyRange }: Declaration, text: string): Range {
	const written = text.slice(range.start, bodyRange?.start ?? range.end).trimEnd();
	const end = range.start + written.length;
	const blanks = /^[ \t]*/.exec(text.slice(end, bodyRange?.start ?? end))?.[0] ?? '';
	return { start: range.start, end: end + blanks.length };
}

/** What is typed at the end of a signature is a part of it. */
function takeGreedily(span: Marker, edit: TextEdit) {
	const isAtEnd = edit.start === span.end && edit.start === edit.end && span.start < span.end;
	if (isAtEnd) span.end += edit.newText.length;
	else span.take(edit);
}
