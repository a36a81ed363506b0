import type { Range } from './text-edit.ts';

/**
 * How an argument finds its parameter: by its place or its name (`plain`), by its place only, by its name only, or as one of those that
 * are left (`rest`, `keywordRest`).
 */
type ParameterKind = 'plain' | 'positionalOnly' | 'keywordOnly' | 'rest' | 'keywordRest';

export interface Parameter {
	/** Empty where there is none: a pattern, or C++'s `void f(int)`. */
	readonly name: string;
	readonly type?: string | undefined;
	readonly default?: string | undefined;
	/** Whether a call may leave it out. */
	readonly isOptional: boolean;
	readonly kind: ParameterKind;
	/** Of an object that is taken apart, or whose type is written out: each property is a parameter that has a name and no place. */
	readonly keys?: readonly Parameter[] | undefined;
	/** As it is written. */
	readonly text: string;
	readonly range: Range;
	readonly typeRange?: Range | undefined;
}

export interface TypeParameter {
	readonly name: string;
	readonly default?: string | undefined;
	/** Of those that calls do not write: lifetimes. */
	readonly isImplicit?: boolean;
}

/** What callers of a function see of it. */
export interface Signature {
	/** Of a constructor: that of its class. */
	readonly name: string;
	/** The class, interface, trait or type that it belongs to. */
	readonly container?: string | undefined;
	readonly kind: 'function' | 'method' | 'constructor';
	readonly isAsync: boolean;
	readonly isGenerator: boolean;
	readonly isStatic: boolean;
	/** Python's `self`, Rust's `&self`, Go's `(s *S)`, as it is written. It is no parameter: only an unbound call has an argument for it. */
	readonly receiver?: string | undefined;
	readonly parameters: readonly Parameter[];
	readonly returns?: string | undefined;
	readonly typeParameters: readonly TypeParameter[];
	readonly throws: readonly string[];
}

/** A signature where it stands in a text. */
export interface Declaration extends Signature {
	/** All of it. */
	readonly range: Range;
	readonly nameRange: Range;
	/** Between the brackets. */
	readonly parametersRange: Range;
	/** Absent where there is only a signature: in an interface, a header, an overload. */
	readonly bodyRange?: Range | undefined;
	readonly returnsRange?: Range | undefined;
	/** How other files know it, besides by its name: `default`. */
	readonly exportedAs?: string | undefined;
	/** The function it is inside of, if any: nobody outside can call it. */
	readonly scope?: Range | undefined;
	/** Where its parameters are written elsewhere: the fields of a data class, the header of a record. Then there is nothing to edit here. */
	readonly isImplied?: boolean;
}

/** Types are compared without their blanks. */
export function sameType(left: string | undefined, right: string | undefined): boolean {
	return plainType(left) === plainType(right);
}

function plainType(type: string | undefined): string | undefined {
	return type?.replace(/\s+/g, ' ').replace(/ ?([^\w$ ]) ?/g, '$1');
}

/** With the class it belongs to: `Cart.add`. */
export function nameOf({ name, container, kind }: Declaration): string {
	return container === undefined || kind === 'constructor' ? name : `${container}.${name}`;
}

/** As one line. */
export function written(declaration: Declaration): string {
	const { parameters, receiver, returns, isAsync, typeParameters } = declaration;
	const own = [...(receiver === undefined ? [] : [receiver]), ...parameters.map(({ text }) => text.replace(/\s+/g, ' '))];
	const types = typeParameters.length > 0 ? `<${typeParameters.map(({ name }) => name).join(', ')}>` : '';
	return `${isAsync ? 'async ' : ''}${nameOf(declaration)}${types}(${own.join(', ')})${returns === undefined ? '' : `: ${returns.replace(/\s+/g, ' ')}`}`;
}
