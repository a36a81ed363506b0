import { fits } from './assignment.ts';
import type { ArgumentList, Language } from './language.ts';
import { lookUp, type ParsedFile } from './project.ts';
import { type Declaration, type Parameter, sameType } from './signature.ts';

/**
 * Which of several overloads a call meant before the change: by the number of its arguments, and then by the types of those that have
 * a type which can be seen.
 */
export function chosenOverload(
	siblings: readonly Declaration[],
	changed: Declaration,
	list: ArgumentList,
	parsed: ParsedFile,
): 'it' | 'another' | 'unclear' {
	if (siblings.length < 2) return 'it';
	const fitting = siblings.filter(({ parameters }) => fits(parameters, list.arguments));
	const scores = new Map(fitting.map((sibling) => [sibling, score(sibling.parameters, list, parsed)]));
	const own = scores.get(changed);
	if (own === undefined) return fitting.length > 0 ? 'another' : 'unclear';
	const best = Math.max(...scores.values());
	if (own < best) return 'another';
	return [...scores.values()].filter((other) => other === best).length === 1 ? 'it' : 'unclear';
}

function score(parameters: readonly Parameter[], list: ArgumentList, { language, outline }: ParsedFile): number {
	let total = 0;
	for (const [index, { value }] of list.arguments.entries()) {
		const type = literalTypeOf(value, language, outline);
		const wanted = parameters[Math.min(index, parameters.length - 1)]?.type;
		if (type === undefined || wanted === undefined || isGeneral(type)) continue;
		total += sameType(type, wanted) ? 3 : isGeneral(wanted) ? 0 : isRelated(type, wanted) ? 1 : -10;
	}
	return total;
}

function literalTypeOf(value: ArgumentList['arguments'][number]['value'], language: Language, outline: ParsedFile['outline']) {
	const binding = lookUp(outline, value.text, value.startIndex);
	return language.literalType(value) ?? binding?.type ?? binding?.made;
}

function isGeneral(type: string): boolean {
	return /^(Object|object|any|unknown|T|dynamic|interface\s*\{\})$/.test(type);
}

const numbers =
	/^(byte|short|int|long|float|double|decimal|Integer|Long|Double|Float|number|size_t|unsigned|auto|[iu](8|16|32|64|128)|f(32|64)|[iu]size)$/;

/** A literal of one type may stand for another: 1 for a `long`. */
function isRelated(type: string, wanted: string): boolean {
	if (numbers.test(type) && numbers.test(wanted)) return true;
	return wanted.includes(type) || !/^(string|String|number|bool|boolean|std::string|str|&str)$|^\w*(int|long|float|double)$/i.test(wanted);
}
