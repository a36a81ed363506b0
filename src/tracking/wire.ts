import type { HoleAnswer } from '../holes/ask.ts';
import type { HoleQuestion } from '../holes/question.ts';
import type { Verdict } from '../holes/site.ts';
import type { SignatureChange } from '../signature/diff.ts';
import type { Hole } from '../signature/hole.ts';
import type { DependentClass, DependentKind } from '../signature/language.ts';
import type { Position, TextEdit } from '../signature/text-edit.ts';
import type { EditOrigin } from '../signature/tracker.ts';

/** A workspace folder: an absolute path with `/`, and what the editor hides in it. */
export interface Folder {
	readonly root: string;
	readonly exclude: readonly string[];
}

/** Where a thread starts from. */
export interface TrackingStart {
	/** The folder with the grammars. */
	readonly grammars: string;
	/** A folder for what has to outlive the window; absent where no folder is open. */
	readonly storage?: string | undefined;
}

export interface LineRange {
	readonly start: Position;
	readonly end: Position;
}

/** What somebody chose for a new parameter: an expression, a variable of its name where there is one, or to see where a value is missing. */
export type ValueChoice =
	| { readonly kind: 'expression'; readonly text: string }
	| { readonly kind: 'variable' }
	| { readonly kind: 'hole' };

/** A text from before, for a file whose changes nobody typed here. */
export interface EarlierText {
	readonly path: string;
	readonly languageId: string;
	readonly text: string;
}

/** What the thread is told. Paths are absolute and have `/`. */
export type TrackingOrder =
	| { readonly kind: 'folders'; readonly folders: readonly Folder[] }
	| { readonly kind: 'open'; readonly path: string; readonly languageId: string; readonly text: string }
	| {
			readonly kind: 'edit';
			readonly path: string;
			readonly edits: readonly TextEdit[];
			readonly origin: EditOrigin;
	  }
	/** The last edit was none: the text was read from the disk anew. */
	| { readonly kind: 'read'; readonly path: string }
	| { readonly kind: 'close'; readonly path: string }
	/** Saved, or the cursor went somewhere: whoever did that has finished what they were at. */
	| { readonly kind: 'rest'; readonly path: string; readonly caret?: number | undefined }
	/** What other programs did to files. */
	| { readonly kind: 'disk'; readonly paths: readonly string[]; readonly isOther: boolean }
	| { readonly kind: 'references'; readonly change: string; readonly places: readonly ReferencePlace[] }
	| { readonly kind: 'values'; readonly change: string; readonly values: Readonly<Record<string, ValueChoice>> }
	| { readonly kind: 'forget'; readonly change: string }
	| { readonly kind: 'applied'; readonly paths: readonly string[] }
	/** Texts that open and changed files had at a revision; all of them, every time. */
	| { readonly kind: 'earlier'; readonly texts: readonly EarlierText[] }
	| { readonly kind: 'plan' }
	/** A model is going to be asked for these holes of the plan. */
	| { readonly kind: 'ask'; readonly request: number; readonly holes: readonly number[] }
	/** What it said for one of them. */
	| { readonly kind: 'judge'; readonly request: number; readonly hole: number; readonly text: string }
	/** Somebody wants to give this to the callers of a function. */
	| { readonly kind: 'check'; readonly request: number; readonly languageId: string; readonly text: string }
	| { readonly kind: 'scan' };

export interface ReferencePlace extends Position {
	readonly path: string;
	/** It does not use the function, it implements it: then its name need not be there. */
	readonly isImplementation?: boolean;
}

interface PlannedEdit {
	readonly range: LineRange;
	/** With the marks of holes in it (`signature/hole.ts`). */
	readonly newText: string;
}

export interface PlannedDependent {
	/** The same as long as it is the same place of the same change. */
	readonly id: string;
	readonly path: string;
	readonly range: LineRange;
	/** The line it is in. */
	readonly line: string;
	readonly kind: DependentKind;
	readonly class: DependentClass;
	readonly reason: string;
	readonly edits: readonly PlannedEdit[];
	/** Whether no checker complains about it as it is. */
	readonly isSilent: boolean;
}

export interface PlannedChange {
	readonly id: string;
	/** `outside`: nobody typed it here. */
	readonly origin: 'typed' | 'outside';
	readonly path: string;
	readonly languageId: string;
	/** `Cart.add`. */
	readonly name: string;
	readonly nameRange: LineRange;
	readonly before: string;
	readonly after: string;
	readonly operations: SignatureChange['operations'];
	/** New parameters that callers have to give a value for. */
	readonly added: readonly { readonly name: string; readonly type?: string | undefined }[];
	readonly dependents: readonly PlannedDependent[];
}

/** All changes with their dependents, as the texts were then. */
export interface TrackingPlan {
	readonly changes: readonly PlannedChange[];
	readonly holes: ReadonlyMap<number, Hole>;
	/** Of each text in which something is edited, and of those with the signatures (`fingerprint.ts`). */
	readonly fingerprints: ReadonlyMap<string, string>;
	/** Files of the language, and in how many of them something was looked for. */
	readonly files: number;
	readonly ms: number;
	/** Whether not all files were looked into yet. */
	readonly isPartial: boolean;
}

export interface FoundFunction {
	readonly path: string;
	readonly name: string;
	readonly written: string;
	readonly line: number;
}

/** What the thread says. */
export type TrackingReport =
	/** Somebody began to edit a signature: whoever can find references asks for those of the name at this place, at once. */
	| { readonly kind: 'begun'; readonly change: string; readonly path: string; readonly at: Position }
	| { readonly kind: 'ended'; readonly path: string }
	| { readonly kind: 'progress'; readonly done: number; readonly total: number }
	| ({ readonly kind: 'plan' } & TrackingPlan)
	| { readonly kind: 'functions'; readonly functions: readonly FoundFunction[]; readonly files: number; readonly ms: number }
	| {
			readonly kind: 'questions';
			readonly request: number;
			readonly questions: readonly HoleQuestion[];
			/** Those that no model may be asked about. */
			readonly refused: readonly HoleAnswer[];
	  }
	| { readonly kind: 'judged'; readonly request: number; readonly hole: number; readonly verdict: Verdict }
	| { readonly kind: 'checked'; readonly request: number; readonly refusal: string | undefined }
	| { readonly kind: 'fault'; readonly message: string };
