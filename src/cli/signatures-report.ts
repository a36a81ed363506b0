import { countOf, needs } from '../signature/count.ts';
import type { Dependent } from '../signature/dependent.ts';
import type { SignatureChange } from '../signature/diff.ts';
import type { DependentClass } from '../signature/language.ts';
import type { SourceFile } from '../signature/project.ts';
import { nameOf, written } from '../signature/signature.ts';
import { positionsIn } from '../signature/text-edit.ts';

/** What a model gave for a hole, or why it gave nothing. */
export interface FilledHole {
	readonly name: string;
	readonly type: string | null;
	readonly value: string | null;
	readonly reason: string | null;
}

export interface ReportedDependent extends Dependent {
	/** Absent where no model was asked. */
	readonly holes?: readonly FilledHole[];
}

/** A plan with what is needed to print it. */
export interface Report {
	readonly changes: readonly SignatureChange[];
	readonly dependents: readonly ReportedDependent[];
	readonly files: ReadonlyMap<string, SourceFile>;
}

const classes: Readonly<Record<DependentClass, string>> = { D: 'certain', C: 'to confirm', L: 'with a value to fill in', W: 'to look at' };

/** For other programs: positions are counted from 0, columns in UTF-16 code units. */
export function asJson({ changes, dependents, files }: Report) {
	const positions = new Map([...files].map(([path, { text }]) => [path, lazy(() => positionsIn(text.replace(/^\uFEFF/, '')))]));
	const rangeIn = (path: string, { start, end }: { readonly start: number; readonly end: number }) => {
		const at = positions.get(path)?.() ?? positionsIn('');
		return { start: at(start), end: at(end) };
	};
	return {
		changes: changes.map(({ path, before, after, operations }) => ({
			path,
			name: nameOf(after),
			before: written(before),
			after: written(after),
			operations,
		})),
		dependents: dependents.map(({ path, range, kind, class: sure, reason, edits, holes }) => ({
			path,
			range: rangeIn(path, range),
			kind,
			class: sure,
			reason,
			edits: edits.map((edit) => ({ path, range: rangeIn(path, edit), newText: edit.newText })),
			...(holes && { holes }),
		})),
	};
}

function lazy<T>(make: () => T): () => T {
	let value: { readonly made: T } | undefined;
	return () => {
		value ??= { made: make() };
		return value.made;
	};
}

/** For people: what needs nothing is only counted. */
export function describe({ changes, dependents, files }: Report): string {
	if (changes.length === 0) return 'No signature changed.';
	const lines = changes.flatMap((change, index) => {
		const own = dependents.filter(({ change: of, edits, class: sure }) => of === index && (edits.length > 0 || sure === 'W'));
		const heading = [`${change.path}: ${nameOf(change.after)}`, `  - ${written(change.before)}`, `  + ${written(change.after)}`];
		return [...heading, ...own.map((dependent) => describeDependent(dependent, files.get(dependent.path)?.text ?? ''))];
	});
	return [...lines, `${changes.length} changed. ${summary(dependents)}`].join('\n');
}

/** What needs something, and apart from that what needs nothing, and what nobody can say more of than that it has the name. */
function summary(dependents: readonly ReportedDependent[]): string {
	const needy = dependents.filter(needs);
	const possible = dependents.filter((dependent) => dependent.kind === 'possible' && !needs(dependent)).length;
	const idle = dependents.filter((dependent) => dependent.kind !== 'possible' && !needs(dependent));
	const counts = Object.entries(classes).map(([kind, words]) => `${needy.filter(({ class: sure }) => sure === kind).length} ${words}`);
	return [
		needy.length > 0 ? `${countOf(needy)}: ${counts.join(', ')}.` : 'Nothing needs an update.',
		...(idle.length > 0 ? [`${countOf(idle, 'nothing')}.`] : []),
		...(possible > 0 ? [`In ${possible} more ${possible === 1 ? 'place' : 'places'} only the name is known to be the same.`] : []),
	].join(' ');
}

function describeDependent({ path, range, kind, class: sure, reason, edits, holes = [] }: ReportedDependent, text: string): string {
	const { line, character } = positionsIn(text)(range.start);
	const values = holes.map(({ name, value, reason: why }) => `\n    ${name}: ${value ?? `no value. ${why}`}`);
	return `  ${sure} ${path}:${line + 1}:${character + 1} ${kind}${edits.length > 0 ? '' : ' (no edit)'}: ${reason}${values.join('')}`;
}
