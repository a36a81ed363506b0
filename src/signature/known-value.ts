import type { KnownValue } from './call-context.ts';
import type { Binding, Outline, Use } from './language.ts';
import { words } from './meaning.ts';
import { isIn, lookUp, type ParsedFile } from './project.ts';
import { type Parameter, sameType } from './signature.ts';

/**
 * The hole ladder above the model: a variable of the same name and a fitting type that is in scope, or a field of that name. In the
 * history of projects that is what people wrote in four cases of ten.
 */
export function knownValue({ name, type }: Parameter, use: Use, parsed: ParsedFile): KnownValue | undefined {
	if (name === '') return undefined;
	const at = use.node.startIndex;
	const isFit = (found: string | undefined) => type === undefined || found === undefined || sameType(found, type);
	const known = alike(parsed.outline, name).filter(({ scope }) => isIn(scope, at));
	const variable = known.findLast(
		(binding) => !binding.isField && isFit(binding.type ?? binding.made) && lookUp(parsed.outline, binding.name, at) === binding,
	);
	if (variable) return { text: variable.name, reason: `${variable.name} is in scope here.` };
	const { self, implicitSelf } = parsed.language.style;
	const own = known.find((binding) => binding.isField && isFit(binding.type));
	if (!own || !self[0]) return undefined;
	return { text: implicitSelf ? own.name : `${self[0]}.${own.name}`, reason: `The object has a ${own.name}.` };
}

/** Those whose names consist of the same words: `userId`, `user_id`. */
function alike({ bindings }: Outline, name: string): readonly Binding[] {
	const wanted = words(name).join(' ');
	const [initial] = wanted;
	return bindings.filter((binding) => {
		if (binding.name === name) return true;
		// Files have many names, and most begin with another letter.
		const first = binding.name.charAt(0).toLowerCase();
		return (first === initial || !/[a-z]/.test(first)) && words(binding.name).join(' ') === wanted;
	});
}
