import type { Use } from './language.ts';
import type { Target } from './target.ts';

/**
 * What is wrong with what a method is called on, where it belonged to objects and belongs to its class now, or the other way round.
 * Undefined where nothing is, and where nothing stands before the name.
 */
export function misplaced({ qualifier, kind }: Use, { change, types, language }: Target): string | undefined {
	const { before, after, operations } = change;
	if (!qualifier || kind === 'super' || !operations.some((operation) => operation.kind === 'static')) return undefined;
	const word = /(\w+)$/.exec(qualifier.text)?.[1] ?? '';
	const isClass = types.has(word) || ['cls', 'Self'].includes(word);
	if (!after.isStatic) return isClass ? `${after.name} needs an object now.` : undefined;
	const givesObject = isClass && before.receiver !== undefined;
	const isRefused = !isClass && !language.style.staticOnObjects;
	return givesObject || isRefused ? `${after.name} belongs to ${after.container} now, and to no object.` : undefined;
}
