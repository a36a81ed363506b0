import type { Piece } from './argument-edit.ts';
import type { Hole } from './hole.ts';
import type { ArgumentList, DependentClass, DependentKind } from './language.ts';
import type { Range, TextEdit } from './text-edit.ts';

/** Something that has to do with a changed function: where it is, what becomes of it, and how sure that is. */
export interface Dependent {
	readonly path: string;
	readonly range: Range;
	readonly kind: DependentKind;
	readonly class: DependentClass;
	readonly reason: string;
	/** Empty: there is nothing to do, or nothing that could be done. The marks of holes are in them (`hole.ts`). */
	readonly edits: readonly TextEdit[];
	/** Its place among the changes. */
	readonly change: number;
	/** Whether no checker complains about it as it is. */
	readonly isSilent?: boolean;
}

/** A dependent before its edits are put together with those of the calls inside of it. */
export interface Draft extends Omit<Dependent, 'edits'> {
	readonly edits: readonly TextEdit[];
	/** The function around it, where that has to become what the changed one became. */
	readonly caller?: Range | undefined;
	/** Lists whose arguments become others. */
	readonly lists: readonly { readonly list: ArgumentList; readonly next: readonly (readonly Piece[])[] }[];
}

/** The holes of one plan, in the order they were found. */
export class Holes {
	readonly all = new Map<number, Hole>();

	add(change: number, name: string, type: string | undefined, original?: string): Hole {
		const hole = { id: this.all.size, name, type, original, change };
		this.all.set(hole.id, hole);
		return hole;
	}
}
