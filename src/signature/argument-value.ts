import type { Piece } from './argument-edit.ts';
import type { Assignment } from './assignment.ts';
import { type Adjusted, type CallContext, type Judgement, type ParameterChange, worst } from './call-context.ts';
import { type Hole, markOf } from './hole.ts';
import { matchParameters } from './identity.ts';
import type { Adapted, Argument, ArgumentList } from './language.ts';
import { adaptMeaning } from './meaning.ts';
import { type Parameter, sameType } from './signature.ts';

type Adjust = (list: ArgumentList, change: ParameterChange, context: CallContext) => Adjusted | string;

/** What each parameter of the new signature gets in one call. */
export class ArgumentValues {
	readonly nested: Adjusted['nested'][number][] = [];
	readonly #list: ArgumentList;
	readonly #change: ParameterChange;
	readonly #context: CallContext;
	readonly #isPartial: boolean;
	readonly #assignment: Assignment;
	readonly #judgement: Judgement;
	readonly #adjust: Adjust;

	constructor(
		call: { readonly list: ArgumentList; readonly change: ParameterChange; readonly context: CallContext; readonly isPartial: boolean },
		assignment: Assignment,
		judgement: Judgement,
		adjust: Adjust,
	) {
		this.#list = call.list;
		this.#change = call.change;
		this.#context = call.context;
		this.#isPartial = call.isPartial;
		this.#assignment = assignment;
		this.#judgement = judgement;
		this.#adjust = adjust;
	}

	orderOf(argument: Argument): number {
		return this.#list.arguments.indexOf(argument);
	}

	/** What stands for a parameter; undefined where nothing does. */
	of(parameter: Parameter, index: number): Value | undefined {
		const old = this.#change.from[index];
		const previous = old === undefined ? undefined : this.#change.before[old];
		if (old === undefined || previous === undefined) return this.#newValue(parameter);
		const given = this.#assignment.given.get(old);
		if (previous.kind === 'rest' || parameter.kind === 'rest') return this.#restValue(previous, parameter, given);
		const [argument] = given ?? [];
		if (argument === undefined) {
			const isFilled = this.#assignment.spreadFrom !== undefined && old >= this.#assignment.spreadFrom;
			return isFilled || this.#isPartial ? undefined : this.#leftOut(previous, parameter);
		}
		return this.#keptValue(argument, previous, parameter);
	}

	#keptValue(argument: Argument, previous: Parameter, parameter: Parameter): Value {
		const whole = argument.name === undefined || argument.isEntry;
		const value = { start: argument.value.startIndex, end: argument.value.endIndex };
		const adapted = this.#adapted(argument, previous, parameter);
		// A comment in front of a value is for it, whatever becomes of it.
		const range = whole && !argument.isEntry ? { start: argument.range.start, end: value.end } : value;
		return {
			parts: [adapted ? pieces(adapted, value) : [range]],
			order: this.orderOf(argument),
			wasNamed: argument.name !== undefined,
			isChanged: adapted !== undefined,
			given: argument,
			isEntry: argument.isEntry === true,
			isShorthand: argument.isShorthand === true,
		};
	}

	/** What has to become of the value itself; undefined where it stays. */
	#adapted(argument: Argument, previous: Parameter, parameter: Parameter): Adapted | undefined {
		if (previous.keys && parameter.keys) {
			this.#adaptKeys(argument, previous.keys, parameter.keys);
			return undefined;
		}
		const adapted = adaptValue(argument, previous, parameter, this.#context);
		if (adapted === undefined) return undefined;
		this.#judgement.raise(adapted.class, adapted.reason);
		if (adapted.keep !== null) return adapted.before === '' && adapted.after === '' && !adapted.keep ? undefined : adapted;
		if (adapted.before !== '') return adapted;
		const hole = this.#context.holeFor(parameter, argument.value.text);
		return { ...adapted, before: markOf(hole), after: '', keep: null };
	}

	#adaptKeys(argument: Argument, before: readonly Parameter[], after: readonly Parameter[]) {
		const { from } = matchParameters(before, after);
		const isSame = before.length === after.length && after.every((key, index) => before[from[index] ?? -1]?.text === key.text);
		if (isSame) return;
		const list = this.#context.entriesOf(argument);
		if (list === undefined) {
			const isAffected =
				before.some((_, index) => !from.includes(index)) ||
				after.some((key, index) => before[from[index] ?? -1]?.name !== key.name && !key.isOptional);
			if (isAffected) this.#judgement.raise('W', 'The properties of the object are set elsewhere.');
			return;
		}
		const adjusted = this.#adjust({ ...list, isNamed: true }, { before, after, from }, this.#context);
		if (typeof adjusted === 'string') return this.#judgement.raise('W', adjusted);
		this.nested.push({ list, next: adjusted.next }, ...adjusted.nested);
		this.#judgement.class = worst(this.#judgement.class, adjusted.class);
		this.#judgement.reasons.push(...adjusted.reasons);
	}

	#leftOut(previous: Parameter, parameter: Parameter): Value | undefined {
		if (parameter.isOptional) return this.#byDefault(previous, parameter);
		const { style } = this.#context.language;
		if (previous.default !== undefined) {
			if (!isLiteral(previous.default)) this.#judgement.raise('C', `What ${parameter.name} was by default may mean something else here.`);
			return newText(previous.default);
		}
		// What was left out was `undefined`; where that is still a value, it is still this one.
		if (style.skip !== undefined && (parameter.type ?? '').split('|').some((part) => part.trim() === style.skip))
			return newText(style.skip);
		return previous.isOptional ? newText(markOf(this.hole(parameter))) : undefined;
	}

	/** A call that says nothing means something else when the default does. */
	#byDefault({ default: before }: Parameter, { name, default: after }: Parameter): undefined {
		if (before !== undefined && after !== undefined && before !== after)
			this.#judgement.raise('W', `${name} is ${after} by default now, and was ${before}.`);
	}

	#newValue(parameter: Parameter): Value | undefined {
		const packed = this.#packed(parameter) ?? this.#unpacked(parameter);
		if (packed) return packed;
		if (parameter.isOptional || parameter.kind === 'rest' || parameter.kind === 'keywordRest' || this.#isPartial) return undefined;
		const known = this.#context.valueOf(parameter);
		if (known) {
			this.#judgement.raise(known.isCertain ? 'D' : 'C', known.reason);
			return newText(known.text);
		}
		return newText(markOf(this.hole(parameter)));
	}

	/** A hole for its value. */
	hole(parameter: Parameter): Hole {
		this.#judgement.raise('L', `There is no value for ${parameter.name || 'the new parameter'}.`);
		return this.#context.holeFor(parameter);
	}

	/** `f(1, 2)` for `f({ a: 1, b: 2 })`. */
	#packed(parameter: Parameter): Value | undefined {
		const { object } = this.#context.language.style;
		const keys = parameter.keys;
		if (keys === undefined || object === undefined) return undefined;
		const isGone = (name: string) => this.#change.before.findIndex((old, index) => old.name === name && !this.#change.from.includes(index));
		if (!keys.some(({ name }) => isGone(name) >= 0)) return undefined;
		const parts: Piece[] = [];
		let order = Number.POSITIVE_INFINITY;
		for (const key of keys) {
			const [argument] = this.#assignment.given.get(isGone(key.name)) ?? [];
			const hole =
				argument || key.isOptional || isGone(key.name) >= 0 ? undefined : (this.#context.valueOf(key)?.text ?? markOf(this.hole(key)));
			if (argument) order = Math.min(order, this.orderOf(argument));
			const value: Piece | undefined = argument ? { start: argument.value.startIndex, end: argument.value.endIndex } : hole;
			if (value === undefined) continue;
			const isShort = (argument?.value.text ?? hole) === key.name;
			parts.push(parts.length > 0 ? ', ' : '', isShort ? '' : `${key.name}: `, value);
		}
		const [open = '', close = ''] = object([['', '\0']]).split('\0');
		return parts.length === 0 && parameter.isOptional ? undefined : { parts: [[open, ...parts, close]], order, wasNamed: false };
	}

	/** `f({ a: 1, b: 2 })` for `f(1, 2)`. */
	#unpacked(parameter: Parameter): Value | undefined {
		for (const [index, { keys }] of this.#change.before.entries()) {
			if (this.#change.from.includes(index) || !keys?.some(({ name }) => name === parameter.name)) continue;
			const [argument] = this.#assignment.given.get(index) ?? [];
			if (argument === undefined) return undefined;
			const entry = this.#context.entriesOf(argument)?.arguments.find(({ name }) => name === parameter.name);
			if (entry)
				return { parts: [[{ start: entry.value.startIndex, end: entry.value.endIndex }]], order: this.orderOf(argument), wasNamed: false };
			if (this.#context.entriesOf(argument)) return undefined;
			this.#judgement.raise('C', 'The object is taken apart here.');
			return {
				parts: [[{ start: argument.value.startIndex, end: argument.value.endIndex }, `.${parameter.name}`]],
				order: this.orderOf(argument),
				wasNamed: false,
			};
		}
		return undefined;
	}

	#restValue(previous: Parameter, parameter: Parameter, given: readonly Argument[] = []): Value | undefined {
		const { style } = this.#context.language;
		const order = given[0] ? this.orderOf(given[0]) : Number.POSITIVE_INFINITY;
		if (previous.kind === 'rest' && parameter.kind === 'rest') {
			return given.length === 0 ? undefined : { parts: given.map(({ range }) => [range]), order, wasNamed: false };
		}
		if (parameter.kind === 'rest') return this.#spreadOut(given[0], order);
		if (given.length === 0 && parameter.isOptional) return undefined;
		const [only] = given;
		const value = ({ value: { startIndex, endIndex } }: Argument) => ({ start: startIndex, end: endIndex });
		if (only?.spread && given.length === 1) return { parts: [[value(only)]], order, wasNamed: false };
		const [open = '', close = ''] = style.array(['\0'], previous.type).split('\0');
		const values = given.map((argument): Piece => (argument.spread ? argument.range : value(argument)));
		return { parts: [[open, ...values.flatMap((piece, index) => (index > 0 ? [', ', piece] : [piece])), close]], order, wasNamed: false };
	}

	/** One list becomes what it has in it. */
	#spreadOut(argument: Argument | undefined, order: number): Value | undefined {
		if (argument === undefined) return undefined;
		const elements = this.#context.elementsOf(argument);
		if (elements) return elements.length === 0 ? undefined : { parts: elements.map(({ range }) => [range]), order, wasNamed: false };
		const [before = '', after = ''] = (this.#context.language.style.spread?.('\0') ?? '\0').split('\0');
		return { parts: [[before, { start: argument.value.startIndex, end: argument.value.endIndex }, after]], order, wasNamed: false };
	}
}

/** What stands for one parameter. */
export interface Value {
	/** One for each argument. */
	readonly parts: readonly (readonly Piece[])[];
	readonly order: number;
	readonly wasNamed: boolean;
	readonly isChanged?: boolean;
	readonly given?: Argument;
	readonly isEntry?: boolean;
	readonly isShorthand?: boolean;
}

function newText(text: string): Value {
	return { parts: [[text]], order: Number.POSITIVE_INFINITY, wasNamed: false };
}

function pieces({ before, after, keep }: Adapted, value: { start: number; end: number }): Piece[] {
	return keep === null ? [before] : [before, keep ?? value, after];
}

function isLiteral(text: string): boolean {
	return /^(-?[\d.][\w.]*|'[^']*'|"[^"]*"|`[^`$]*`|true|false|null|None|True|False|undefined|nullptr|nil|\[\]|\{\}|\(\))$/.test(
		text.trim(),
	);
}

/** What a value has to become for a parameter of another type, or of another meaning. */
function adaptValue(argument: Argument, previous: Parameter, parameter: Parameter, context: CallContext): Adapted | undefined {
	const place = { value: argument.value, type: context.typeOf(argument) };
	const meaning = adaptMeaning(place, previous, parameter);
	if (meaning || sameType(previous.type, parameter.type) || parameter.type === undefined) return meaning;
	if (previous.type !== undefined) {
		const adapted = context.language.retype(place, previous.type, parameter.type);
		if (adapted) return adapted;
	}
	if (place.type !== undefined && sameType(place.type, parameter.type)) return undefined;
	if (previous.type === undefined) return undefined;
	const reason = `${parameter.name || 'The parameter'} is ${parameter.type} now, and was ${previous.type}.`;
	const isKnown = context.language.literalType(argument.value) !== undefined;
	return { before: '', after: '', ...(isKnown ? { keep: null, class: 'L' } : { class: 'W' }), reason };
}
