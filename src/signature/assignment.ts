import type { Argument } from './language.ts';
import type { Parameter } from './signature.ts';

/** Which argument is for which parameter. */
export interface Assignment {
	/** By the index of the parameter; several for one that takes the rest. */
	readonly given: ReadonlyMap<number, readonly Argument[]>;
	/** A list that is spread fills the parameters from here on; nobody knows how many of them. */
	readonly spreadFrom: number | undefined;
	/** What is given from there on. */
	readonly tail: readonly Argument[];
	/** Named arguments of dictionaries, and those that only a parameter for the rest of them takes. */
	readonly keywords: readonly Argument[];
	/** There is an argument for which there is no parameter. */
	readonly hasStray: boolean;
}

export function assign(parameters: readonly Parameter[], list: readonly Argument[]): Assignment {
	const given = new Map<number, Argument[]>();
	const tail: Argument[] = [];
	const keywords: Argument[] = [];
	let hasStray = false;
	let spreadFrom: number | undefined;
	let next = 0;
	const give = (index: number, argument: Argument) => given.set(index, [...(given.get(index) ?? []), argument]);
	for (const argument of list) {
		if (argument.name !== undefined || argument.spread === 'keywords') {
			const index = argument.name === undefined ? -1 : parameters.findIndex((parameter) => takesName(parameter, argument.name));
			if (index >= 0) give(index, argument);
			else if (argument.spread === 'keywords' || parameters.some(({ kind }) => kind === 'keywordRest')) keywords.push(argument);
			else hasStray = true;
			continue;
		}
		while (next < parameters.length && !takesPlace(parameters[next])) next++;
		const parameter = parameters[next];
		if (spreadFrom !== undefined) tail.push(argument);
		else if (parameter?.kind === 'rest') give(next, argument);
		else if (argument.spread === 'rest') {
			spreadFrom = next;
			tail.push(argument);
		} else if (parameter) give(next++, argument);
		else hasStray = true;
	}
	return { given, spreadFrom, tail, keywords, hasStray };
}

function takesName({ name, kind }: Parameter, wanted: string | undefined): boolean {
	return name === wanted && (kind === 'plain' || kind === 'keywordOnly');
}

export function takesPlace(parameter: Parameter | undefined): boolean {
	return parameter !== undefined && parameter.kind !== 'keywordOnly' && parameter.kind !== 'keywordRest';
}

/** Whether a call could be one of this signature: by its number of arguments and their names, not by their types. */
export function fits(parameters: readonly Parameter[], list: readonly Argument[], isPartial = false): boolean {
	const { given, spreadFrom, keywords, hasStray } = assign(parameters, list);
	if (hasStray) return false;
	const isOpen = isPartial || spreadFrom !== undefined || keywords.some(({ spread }) => spread === 'keywords');
	return (
		isOpen || parameters.every(({ isOptional, kind }, index) => isOptional || kind === 'rest' || kind === 'keywordRest' || given.has(index))
	);
}
