import { changeOf, type SignatureChange } from './diff.ts';
import type { Project, SourceFile } from './project.ts';
import type { Declaration } from './signature.ts';
import type { Range } from './text-edit.ts';

/** A change that another one brings about, and the place of that one. */
export interface Following {
	readonly change: SignatureChange;
	readonly of: number;
}

/**
 * What becomes of the function around a call: who waits has to be asynchronous, who passes an exception on has to declare it. Undefined
 * where it was so all the time, and where nobody can name it.
 */
export function follower(caller: Range, file: SourceFile, of: SignatureChange, project: Project): SignatureChange | undefined {
	const all = project.outlineOf(file)?.declarations ?? [];
	const now = all.find(({ bodyRange, range }) => bodyRange?.end === caller.end && range.end >= caller.end && isAtStart(range, caller));
	if (!now) return undefined;
	const next = becoming(now, of);
	const old = isSame(next, now) ? earlier(now, file, project) : undefined;
	const [before, after] = old ? [old, now] : [now, next];
	if (isSame(before, after)) return undefined;
	const siblings = all.filter(({ name, container }) => name === now.name && container === now.container);
	return changeOf({ path: file.path, languageId: file.languageId, siblings: siblings.length > 1 ? siblings : [before] }, before, after);
}

/** A function's range may begin before it: `export const f = async () => {}`. */
function isAtStart(range: Range, caller: Range): boolean {
	return range.start <= caller.start && caller.start < range.end;
}

function becoming(declaration: Declaration, { before, after }: SignatureChange): Declaration {
	const added = after.throws.filter((type) => !before.throws.includes(type));
	return {
		...declaration,
		isAsync: declaration.isAsync || added.length === 0,
		throws: [...new Set([...declaration.throws, ...added])],
	};
}

/** It was edited for this already: those that call it may not have been. */
function earlier({ name, container }: Declaration, { before, text, languageId }: SourceFile, project: Project): Declaration | undefined {
	if (before === undefined || before === text) return undefined;
	return project.declarationsOf(languageId, before).find((old) => old.name === name && old.container === container);
}

function isSame(left: Declaration, right: Declaration): boolean {
	return left.isAsync === right.isAsync && left.throws.join() === right.throws.join();
}
