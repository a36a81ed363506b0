import type { SignatureChange } from './diff.ts';
import type { Language } from './language.ts';
import type { Project } from './project.ts';

/** A function that takes an object of the class, by the place of its parameter. */
interface Taker {
	readonly place: number;
	/** Its own class. */
	readonly container: string | undefined;
}

/** By their names. */
export type Takers = ReadonlyMap<string, readonly Taker[]>;

/**
 * Functions of a project that take an object of the changed method's class. A lambda in a call of these stands for the method, and nothing
 * there names it. None where the language has nothing of the kind.
 */
export function takersOf(change: SignatureChange, language: Language, project: Project): Takers {
	const found = new Map<string, readonly Taker[]>();
	const type = language.lambdaType?.(change);
	if (type === undefined) return found;
	for (const file of project.mentioning(language, [type])) {
		for (const { name, container, parameters } of project.outlineOf(file)?.declarations ?? []) {
			const place = parameters.findIndex((parameter) => isOf(parameter.type, type));
			if (place >= 0) found.set(name, [...(found.get(name) ?? []), { place, container }]);
		}
	}
	return found;
}

/** `p.F<T>` is an `F`. */
function isOf(written: string | undefined, type: string): boolean {
	return written?.replace(/<.*$/s, '').replace(/^.*\./s, '').trim() === type;
}
