import type { SignatureChange } from '../signature/diff.ts';
import { fillEdits, type Hole, holesIn, markOf } from '../signature/hole.ts';
import { applyEdits, type TextEdit } from '../signature/text-edit.ts';

/** A hole with everything that is known of its place. */
export interface HoleSite {
	readonly hole: Hole;
	/** The file as it is now. */
	readonly file: { readonly path: string; readonly languageId: string; readonly text: string };
	/** What becomes of the file, with the marks of holes in it; that of this one is among them. */
	readonly edits: readonly TextEdit[];
	readonly holes: ReadonlyMap<number, Hole>;
	/** What happened to the function that the value is for. */
	readonly change: SignatureChange;
	/** The text that its declaration is in. */
	readonly declared: string;
	/** Whether the file sees what that text declares without importing it. */
	readonly seesDeclared: boolean;
	/** Whether nothing of the file or of that text may be sent to a model. */
	readonly isPrivate: boolean;
	/** Calls of the function that are as they should be. */
	readonly examples: readonly string[];
}

/** A value, or why there is none: a sentence. */
export type Verdict = { readonly value: string } | { readonly refusal: string };

/** The file as it is going to be, up to the hole and behind it. Other holes have their placeholders; to a model, who would write one, too, they are not shown. */
export function textAround({ hole, file, edits, holes }: HoleSite, isShown = false): { readonly before: string; readonly after: string } {
	const others = new Map([...holes].filter(([id]) => id !== hole.id));
	const names = isShown ? new Map([...others].map(([id, other]) => [id, remarkOn(other, file.languageId)])) : undefined;
	const own = edits.filter(
		({ newText }) => !isShown || holesIn(newText).every((id) => id === hole.id) || holesIn(newText).includes(hole.id),
	);
	const text = applyEdits(file.text, fillEdits(own, others, names));
	const mark = markOf(hole);
	const at = text.indexOf(mark);
	// Whose edit was dropped has no place any more.
	if (at < 0) return { before: text, after: '' };
	return { before: text.slice(0, at), after: text.slice(at + mark.length) };
}

/** Which argument it is, as somebody would write it beside it. */
export function remarkOn({ name, type, original }: Pick<Hole, 'name' | 'type' | 'original'>, languageId: string): string {
	if (languageId === 'python') return original ?? '...';
	const said = [type === undefined ? name : `${name}: ${type}`, ...(original === undefined ? [] : [`was ${original}`])];
	return `/* ${said.join(', ').replaceAll('*/', '*')} */`;
}
