import { assign, fits } from './assignment.ts';
import type { Use } from './language.ts';
import { type Declaration, sameType } from './signature.ts';
import type { Target } from './target.ts';

/** Where no checker looks at arguments: they reach the function by way of another. */
const unchecked = ['partial', 'test-double', 'string'];

/** Whether a call that was not edited still compiles, as far as its arguments go: then nobody else says that it means something else now. */
export function isSilent({ kind, list, isPartial, typeArguments }: Use, { change, language }: Target): boolean {
	const { before, after, siblings } = change;
	if (unchecked.includes(kind)) return true;
	// `map(f)` passes an index as well, for whatever is the second parameter now.
	if (kind === 'by-name') return language.style.skip !== undefined && before.name === after.name;
	if (!list || (typeArguments && before.typeParameters.length !== after.typeParameters.length)) return false;
	// No checker looks into a dictionary.
	if (list.arguments.some(({ isEntry }) => isEntry)) return true;
	const others = siblings.filter((sibling) => sibling !== before);
	if (others.some(({ parameters }) => fits(parameters, list.arguments, isPartial))) return true;
	return fits(after.parameters, list.arguments, isPartial) && takesTheSameTypes(list.arguments, before, after);
}

/** Whether each argument is for a parameter of the type that the one before it had. */
function takesTheSameTypes(list: Parameters<typeof assign>[1], before: Declaration, after: Declaration): boolean {
	const [old, now] = [before, after].map(({ parameters }) => {
		const types = new Map<(typeof list)[number], string | undefined>();
		for (const [index, taken] of assign(parameters, list).given) for (const one of taken) types.set(one, parameters[index]?.type);
		return types;
	});
	return list.every((argument) => {
		const [from, to] = [elementOf(old?.get(argument)), elementOf(now?.get(argument))];
		return from === undefined || to === undefined || sameType(from, to);
	});
}

/** `int...` takes what `int` takes. */
function elementOf(type: string | undefined): string | undefined {
	return type?.replace(/^\.\.\.|\.\.\.$|\[\]$/g, '');
}
