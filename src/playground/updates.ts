import type { ComparedFile, Plan, PlannedUpdate } from './gateway.ts';

/** Texts after the edits of a plan; only those that change. */
export function applied(files: readonly ComparedFile[], updates: readonly PlannedUpdate[]): ReadonlyMap<string, string> {
	const texts = new Map<string, string>();
	for (const { path, text } of files) {
		const edits = editsIn(path, updates);
		if (edits.length > 0)
			texts.set(
				path,
				edits.reduceRight((edited, { start, end, newText }) => edited.slice(0, start) + newText + edited.slice(end), text),
			);
	}
	return texts;
}

/** The edits of a file from its beginning to its end; the same one may be there for two reasons. */
export function editsIn(path: string, updates: readonly PlannedUpdate[]): PlannedUpdate['edits'] {
	const edits = updates.filter((update) => update.path === path).flatMap((update) => update.edits);
	const keyed = new Map(edits.map((edit) => [`${edit.start} ${edit.end} ${edit.newText}`, edit]));
	return [...keyed.values()].toSorted((left, right) => left.start - right.start || left.end - right.end);
}

/** Those that there is something to do about. */
export function needy({ dependents }: Plan): readonly PlannedUpdate[] {
	return dependents.filter(({ edits, sure }) => edits.length > 0 || sure === 'W');
}

/** “3 places in 2 files need an update.” */
export function summary(plan: Plan): string {
	const updates = needy(plan);
	if (plan.changes.length === 0) return 'No signature changed.';
	const names = plan.changes.map(({ name }) => name).join(', ');
	if (updates.length === 0) return `The signature of ${names} changed. Nothing has to be updated.`;
	const files = new Set(updates.map(({ path }) => path)).size;
	const places = updates.length === 1 ? '1 place' : `${updates.length} places`;
	const inFiles = files === 1 ? '1 file' : `${files} files`;
	const verb = updates.length === 1 ? 'needs' : 'need';
	return `The signature of ${names} changed. ${places} in ${inFiles} ${verb} an update.`;
}

const words: Readonly<Record<string, string>> = { D: 'certain', C: 'to confirm', L: 'with a value to fill in', W: 'to look at' };

/** How sure an update is, in words. */
export function sureness({ sure }: PlannedUpdate): string {
	return words[sure] ?? sure;
}
