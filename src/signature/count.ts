import type { DependentClass, DependentKind } from './language.ts';

interface Counted {
	readonly kind: DependentKind;
	readonly class: DependentClass;
	readonly edits: readonly unknown[];
}

/** Whether something is to be done there, or to be looked at. Where only the name is the same nobody can say. */
export function needs({ kind, class: sure, edits }: Counted): boolean {
	return edits.length > 0 || (sure === 'W' && kind !== 'possible');
}

/** What the number stands for that is shown first: neither the comment of the function nor where its name only comes from. */
export function isCaller(dependent: Counted): boolean {
	return dependent.kind !== 'import' && !isComment(dependent);
}

/** “2 callers, 1 import and the comment”. */
export function partsOf(dependents: readonly Counted[]): string {
	const callers = dependents.filter(isCaller).length;
	const imports = dependents.filter(({ kind }) => kind === 'import').length;
	const words = [
		...(callers > 0 || dependents.length === 0 ? [counted(callers, 'caller')] : []),
		...(imports > 0 ? [counted(imports, 'import')] : []),
		...(dependents.some(isComment) ? ['the comment'] : []),
	];
	return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** “2 callers and 1 import need an update”. */
export function countOf(dependents: readonly Counted[], what = 'an update'): string {
	const isOne = dependents.length === 1 || (dependents.length > 0 && dependents.every(isComment));
	const said = `${partsOf(dependents)} ${isOne ? 'needs' : 'need'} ${what}`;
	return said.charAt(0).toUpperCase() + said.slice(1);
}

function isComment({ kind }: Counted): boolean {
	return kind === 'documentation';
}

function counted(count: number, word: string): string {
	return count === 1 ? `1 ${word}` : `${count} ${word}s`;
}
