import type { PlannedChange, PlannedDependent } from '../../tracking/wire.ts';

/** A value that a model is asked for: what it is for, and where it goes. */
interface HoleQuestion {
	/** The parameter, or the function where its result may be missing now. */
	readonly name: string;
	readonly type: string | undefined;
	/** What stood there before, where something did. */
	readonly original: string | undefined;
	readonly change: PlannedChange;
	readonly dependent: PlannedDependent;
}

/** Expressions for holes, in their order; undefined where the model knew none that holds. */
export type FillHoles = (questions: readonly HoleQuestion[], signal: AbortSignal) => Promise<readonly (string | undefined)[]>;
