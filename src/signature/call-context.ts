import type { Piece } from './argument-edit.ts';
import type { Hole } from './hole.ts';
import type { Argument, ArgumentList, DependentClass, Language } from './language.ts';
import type { Parameter } from './signature.ts';

export interface KnownValue {
	readonly text: string;
	readonly reason: string;
	/** Whether nobody has to be asked. */
	readonly isCertain?: boolean;
}

/** What the planning of one call needs to know of its place. */
export interface CallContext {
	readonly language: Language;
	/** A value for a new parameter that is known here without asking a model. */
	readonly valueOf: (parameter: Parameter) => KnownValue | undefined;
	readonly typeOf: (argument: Argument) => string | undefined;
	readonly holeFor: (parameter: Parameter, original?: string) => Hole;
	/** The parts of an object that is written out. */
	readonly entriesOf: (argument: Argument) => ArgumentList | undefined;
	/** Named values are attributes: `a={1}`. */
	readonly isJsx?: boolean;
	/** The values of a list that is written out. */
	readonly elementsOf: (argument: Argument) => readonly Argument[] | undefined;
}

/** An argument list as it has to be. */
export interface Adjusted {
	readonly next: readonly (readonly Piece[])[];
	/** Objects inside of it of which only properties change. */
	readonly nested: readonly { readonly list: ArgumentList; readonly next: readonly (readonly Piece[])[] }[];
	readonly class: DependentClass;
	readonly reasons: readonly string[];
}

/** The parameters of a function, or the properties of an object. */
export interface ParameterChange {
	readonly before: readonly Parameter[];
	readonly after: readonly Parameter[];
	readonly from: readonly (number | undefined)[];
}

const classes: readonly DependentClass[] = ['D', 'C', 'L', 'W'];

export function worst(left: DependentClass, right: DependentClass): DependentClass {
	return classes.indexOf(left) > classes.indexOf(right) ? left : right;
}

/** How sure a plan is, and why: only ever less. */
export class Judgement {
	class: DependentClass = 'D';
	readonly reasons: string[] = [];

	raise(to: DependentClass, reason: string) {
		this.class = worst(this.class, to);
		if (!this.reasons.includes(reason)) this.reasons.push(reason);
	}
}
