import { type EditorState, type Extension, StateEffect, StateField, type Transaction } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';

/** A suggestion at the cursor, of which a part may have been typed meanwhile. */
export interface Ghost {
	/** Where it was asked for, and all of it. */
	readonly origin: number;
	readonly text: string;
	/** How much of it is typed. */
	readonly typed: number;
	/** How many characters after the cursor it brings itself. */
	readonly replaces: number;
}

export const setGhost = StateEffect.define<Ghost | undefined>();

/** What shows now. It is gone with any change and any move that does not continue it, in the very same step: it is never stale. */
const shown = StateField.define<Ghost | undefined>({
	create: () => undefined,
	update(ghost, transaction) {
		const effect = transaction.effects.find((one) => one.is(setGhost));
		if (effect) return effect.value;
		if (!ghost || (!transaction.docChanged && !transaction.selection)) return ghost;
		const typed = transaction.docChanged ? typedThrough(ghost, transaction) : ghost;
		const { main, ranges } = transaction.newSelection;
		return typed && ranges.length === 1 && main.empty && main.head === placeOf(typed) ? typed : undefined;
	},
	provide: (field) => EditorView.decorations.from(field, decorations),
});

export function ghostIn(state: EditorState): Ghost | undefined {
	return state.field(shown, false);
}

/** What of it is still to be typed. */
export function restOf({ text, typed }: Ghost): string {
	return text.slice(typed);
}

function placeOf({ origin, typed }: Ghost): number {
	return origin + typed;
}

/** The same suggestion after a change that types some of it, but not all. */
function typedThrough(ghost: Ghost, { changes }: Pick<Transaction, 'changes'>): Ghost | undefined {
	let count = 0;
	let next: Ghost | undefined;
	changes.iterChanges((from, to, _fromNew, _toNew, inserted) => {
		const text = inserted.toString();
		const fits = from === placeOf(ghost) && to === from && restOf(ghost).startsWith(text) && text.length < restOf(ghost).length;
		next = fits ? { ...ghost, typed: ghost.typed + text.length } : undefined;
		count++;
	});
	return count === 1 ? next : undefined;
}

/** Takes all of it, or as much as a part of its text. */
export function acceptGhost(view: EditorView, partOf: (rest: string) => string = (rest) => rest): boolean {
	const ghost = ghostIn(view.state);
	if (!ghost) return false;
	const rest = restOf(ghost);
	const part = partOf(rest);
	const from = placeOf(ghost);
	const isWhole = part === rest;
	view.dispatch({
		changes: { from, to: isWhole ? from + ghost.replaces : from, insert: part },
		selection: { anchor: from + part.length },
		userEvent: 'input.complete.ghost',
		scrollIntoView: true,
		...(isWhole ? { effects: setGhost.of(undefined) } : {}),
	});
	return true;
}

/** A word with what is before it. */
export function nextWord(rest: string): string {
	return /^\s*(?:[\p{L}\p{N}_$]+|[^\p{L}\p{N}_$\s]+)/u.exec(rest)?.[0] ?? rest;
}

function decorations(ghost: Ghost | undefined): DecorationSet {
	if (!ghost) return Decoration.none;
	const widget = new GhostWidget(restOf(ghost));
	const place = placeOf(ghost);
	const decoration =
		ghost.replaces > 0
			? Decoration.replace({ widget }).range(place, place + ghost.replaces)
			: Decoration.widget({ widget, side: 1 }).range(place);
	return Decoration.set(decoration);
}

/** Screen readers hear it in another place, once, instead of as a part of the text. */
class GhostWidget extends WidgetType {
	readonly #text: string;

	constructor(text: string) {
		super();
		this.#text = text;
	}

	override eq(other: GhostWidget): boolean {
		return other.#text === this.#text;
	}

	override toDOM(): HTMLElement {
		const span = document.createElement('span');
		span.className = 'ghost';
		span.textContent = this.#text;
		span.setAttribute('aria-hidden', 'true');
		return span;
	}
}

export const ghostText: Extension = shown;
