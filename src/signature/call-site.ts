import type { Piece } from './argument-edit.ts';
import { ArgumentValues, type Value } from './argument-value.ts';
import { type Assignment, assign, takesPlace } from './assignment.ts';
import { type Adjusted, type CallContext, Judgement, type ParameterChange } from './call-context.ts';
import type { SignatureChange } from './diff.ts';
import { markOf } from './hole.ts';
import type { ArgumentList } from './language.ts';
import type { Parameter } from './signature.ts';

interface Entry {
	readonly pieces: readonly Piece[];
	readonly isNamed: boolean;
	/** Its place in the call as it is. */
	readonly order: number;
}

export function parameterChange({ before, after, match }: SignatureChange): ParameterChange {
	return { before: before.parameters, after: after.parameters, from: match.from };
}

/**
 * The arguments of a call for a changed signature: arguments → old parameters → new parameters → arguments. Returns a reason instead
 * where it cannot be known what goes where.
 */
export function adjustCall(list: ArgumentList, change: ParameterChange, context: CallContext, isPartial = false): Adjusted | string {
	return new CallSite(list, change, context, isPartial).adjusted();
}

class CallSite {
	readonly #list: ArgumentList;
	readonly #change: ParameterChange;
	readonly #context: CallContext;
	readonly #assignment: Assignment;
	readonly #isPartial: boolean;
	readonly #judgement = new Judgement();
	readonly #values: ArgumentValues;

	constructor(list: ArgumentList, change: ParameterChange, context: CallContext, isPartial: boolean) {
		this.#list = list;
		this.#change = change;
		this.#context = context;
		this.#isPartial = isPartial;
		this.#assignment = assign(change.before, list.arguments);
		this.#values = new ArgumentValues({ list, change, context, isPartial }, this.#assignment, this.#judgement, adjustCall);
	}

	adjusted(): Adjusted | string {
		const { hasStray, spreadFrom, keywords } = this.#assignment;
		if (hasStray || this.#isShort()) return 'Its arguments do not fit the old signature.';
		if (spreadFrom !== undefined && !this.#keepsTail(spreadFrom))
			return 'Its arguments come from a list; which of them is which cannot be told.';
		if (keywords.some(({ spread }) => spread === 'keywords') && this.#namesChange())
			return 'Its arguments come from a dictionary; which names it has cannot be told.';
		const entries = this.#entries();
		if (typeof entries === 'string') return entries;
		const next = [
			...entries.filter(({ isNamed }) => !isNamed),
			...entries.filter(({ isNamed }) => isNamed).toSorted((a, b) => a.order - b.order),
		];
		this.#judgeEffects(next.map(({ order }) => order));
		return {
			next: next.map(({ pieces }) => pieces),
			nested: this.#values.nested,
			class: this.#judgement.class,
			reasons: this.#judgement.reasons,
		};
	}

	/** Whether it lacks an argument: another call hands over all of its results, or it is not the function that it seems to be. */
	#isShort(): boolean {
		const { given, spreadFrom, keywords } = this.#assignment;
		if (this.#isPartial || spreadFrom !== undefined || keywords.length > 0) return false;
		const isOpen = ({ isOptional, kind }: Parameter) => isOptional || kind === 'rest' || kind === 'keywordRest';
		return this.#change.before.some((parameter, index) => !isOpen(parameter) && !given.has(index));
	}

	/** Whether what a spread list fills is still there, in the same order and with nothing new before or between. */
	#keepsTail(spreadFrom: number): boolean {
		const places = this.#change.from.filter((_, index) => takesPlace(this.#change.after[index]));
		const filled = this.#change.before.flatMap((parameter, index) => (index >= spreadFrom && takesPlace(parameter) ? [index] : []));
		const start = places.indexOf(filled[0] ?? -1);
		if (filled.length === 0) return true;
		const before = places.slice(0, start);
		const isSame = (old: number, offset: number) => places[start + offset] === old && this.#sameKind(old, places.length, start + offset);
		return start >= 0 && filled.every(isSame) && before.every((old) => old === undefined || old < spreadFrom);
	}

	#sameKind(old: number, count: number, place: number): boolean {
		const parameter = this.#change.after[this.#change.from.indexOf(old)];
		const isRest = (parameter?.kind ?? 'plain') === 'rest';
		return isRest === (this.#change.before[old]?.kind === 'rest') && place < count;
	}

	/** Whether a name that a dictionary may have is gone or new. */
	#namesChange(): boolean {
		const { before, after, from } = this.#change;
		const given = (index: number) => this.#assignment.given.has(index);
		const isGone = (parameter: Parameter, index: number) => {
			const now = after[from.indexOf(index)];
			return (
				!given(index) && parameter.kind !== 'rest' && (now === undefined || now.name !== parameter.name || now.kind === 'positionalOnly')
			);
		};
		return (
			before.some(isGone) || after.some((parameter, index) => from[index] === undefined && !parameter.isOptional && takesName(parameter))
		);
	}

	#entries(): Entry[] | string {
		const { after } = this.#change;
		const { spreadFrom, tail, keywords } = this.#assignment;
		const canName = this.#context.language.style.named !== undefined || this.#list.isNamed === true;
		const values = after.map((parameter, index) => this.#values.of(parameter, index));
		const lastPlace = values.findLastIndex((value, index) => value !== undefined && this.#needsPlace(after[index], value, canName));
		const entries: Entry[] = [];
		let isNaming = this.#list.isNamed === true;
		for (const [index, parameter] of after.entries()) {
			const value = values[index];
			const old = this.#change.from[index];
			if (spreadFrom !== undefined && old !== undefined && old >= spreadFrom && takesPlace(parameter) && value === undefined) continue;
			if (value === undefined) {
				if (parameter.kind === 'rest' || !takesPlace(parameter)) continue;
				const mustFill = index < lastPlace || (!canName && values.slice(index + 1).some((later) => later !== undefined));
				if (mustFill && !isNaming && this.#isPartial) return 'Some of its arguments come later, and the places of these change.';
				if (mustFill && !isNaming) entries.push(this.#filled(parameter));
				else isNaming = true;
				continue;
			}
			const name =
				parameter.kind === 'keywordOnly' ||
				(isNaming && canName) ||
				(value.wasNamed && canName && parameter.kind !== 'positionalOnly' && index > lastPlace);
			if (name && parameter.kind !== 'rest') {
				isNaming ||= takesPlace(parameter);
				entries.push({ ...this.#named(parameter, value), isNamed: true, order: value.order });
			} else entries.push(...value.parts.map((pieces, part) => ({ pieces, isNamed: false, order: value.order + part / 1000 })));
		}
		const isPast = spreadFrom !== undefined && entries.some(({ isNamed, order }) => !isNamed && order === Number.POSITIVE_INFINITY);
		if (isPast && !canName && this.#hasNewBehindTail(spreadFrom)) return 'Its arguments come from a list; nothing can be added behind it.';
		return [
			...entries.filter(({ isNamed }) => !isNamed),
			...tail.map((argument) => ({ pieces: [argument.range], isNamed: false, order: this.#values.orderOf(argument) })),
			...entries.filter(({ isNamed }) => isNamed),
			...keywords.map((argument) => ({ pieces: [argument.range], isNamed: true, order: this.#values.orderOf(argument) })),
		];
	}

	#hasNewBehindTail(spreadFrom: number): boolean {
		const place = this.#change.from.indexOf(spreadFrom);
		return this.#change.after.some((parameter, index) => index > place && this.#change.from[index] === undefined && !parameter.isOptional);
	}

	/** Those that cannot be named need everything before them. */
	#needsPlace(parameter: Parameter | undefined, value: Value, canName: boolean): boolean {
		if (this.#list.isNamed) return false;
		if (parameter === undefined || !takesPlace(parameter)) return false;
		return parameter.kind === 'rest' ? value.parts.length > 0 : parameter.kind === 'positionalOnly' || !canName;
	}

	#filled(parameter: Parameter): Entry {
		const text = this.#context.language.style.skip ?? parameter.default;
		if (text !== undefined) return { pieces: [text], isNamed: false, order: Number.POSITIVE_INFINITY };
		return { pieces: [markOf(this.#values.hole(parameter))], isNamed: false, order: Number.POSITIVE_INFINITY };
	}

	#named(parameter: Parameter, { parts, given, isEntry, isShorthand, isChanged }: Value): { pieces: readonly Piece[] } {
		const pieces = parts[0] ?? [];
		if (given?.name === parameter.name && !isChanged) return { pieces: [given.range] };
		if (isEntry || (given === undefined && this.#list.arguments.at(-1)?.isEntry)) {
			this.#judgement.raise('C', 'Its name is a string.');
			return { pieces: [JSON.stringify(parameter.name), ': ', ...pieces] };
		}
		if (this.#list.isNamed) {
			if (this.#context.isJsx) return { pieces: [`${parameter.name}=`, ...(given && !isChanged ? pieces : ['{', ...pieces, '}'])] };
			const text = pieces.length === 1 && typeof pieces[0] === 'string' ? pieces[0] : undefined;
			const isSame = text === parameter.name || (isShorthand && given?.name === parameter.name);
			return { pieces: isSame ? pieces : [`${parameter.name}: `, ...pieces] };
		}
		const [before = '', after = ''] = (this.#context.language.style.named?.(parameter.name, '\0') ?? '\0').split('\0');
		return { pieces: [before, ...pieces, after] };
	}

	/** What happens while arguments are evaluated has to go on happening, and in its order. */
	#judgeEffects(orders: readonly number[]) {
		const { hasEffect } = this.#context.language;
		const effects = this.#list.arguments.map(({ value }) => hasEffect(value));
		const used = orders.filter(Number.isFinite).map(Math.floor);
		const isInUse = (index: number) => used.includes(index) || this.#values.nested.length > 0 || this.#restUses(index);
		for (const [index, argument] of this.#list.arguments.entries()) {
			if (effects[index] && !isInUse(index)) this.#judgement.raise('C', `${shortened(argument.value.text)} would no longer be evaluated.`);
		}
		const inOrder = used.filter((index) => effects[index]);
		if (inOrder.some((index, place) => (inOrder[place - 1] ?? -1) > index))
			this.#judgement.raise('C', 'The arguments would be evaluated in another order.');
	}

	#restUses(index: number): boolean {
		const argument = this.#list.arguments[index];
		const old = this.#change.before.findIndex((_, place) => argument && this.#assignment.given.get(place)?.includes(argument));
		return old >= 0 && this.#change.from.includes(old);
	}
}

function takesName({ kind }: Parameter): boolean {
	return kind === 'plain' || kind === 'keywordOnly';
}

function shortened(text: string): string {
	return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
