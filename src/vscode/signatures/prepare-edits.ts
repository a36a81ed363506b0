import { type TextDocument, WorkspaceEdit, type WorkspaceEditEntryMetadata } from 'vscode';
import type { Breath } from '../../std/breath.ts';
import type { PlannedDependent } from '../../tracking/wire.ts';
import type { Changes, ReadyEdit } from './changes.ts';
import { type GivenText, givenText } from './given-values.ts';
import { pathOf, uriOf } from './places.ts';

/** Edits as the editor takes them, for a plan. */
export interface PreparedEdits {
	readonly chosen: readonly PlannedDependent[];
	readonly edit: WorkspaceEdit;
	readonly byPath: ReadonlyMap<string, readonly ReadyEdit[]>;
	/** Texts with values of the model, which nobody has checked yet. */
	readonly given: readonly GivenText[];
}

const words = { D: 'Certain', C: 'To confirm', L: 'With a value to fill in', W: 'To look at' } as const;

/**
 * Thousands of edits take longer to put together than the editor's other extensions may wait.
 *
 * @param documents those with values of the model
 * @param hasPreview whether the editor shows everything before, with what is certain ticked
 */
export async function prepareEdits(
	chosen: readonly PlannedDependent[],
	documents: readonly TextDocument[],
	changes: Changes,
	hasPreview: boolean,
	breath: Breath,
): Promise<PreparedEdits> {
	const edit = new WorkspaceEdit();
	const byPath = new Map<string, ReadyEdit[]>();
	for (const dependent of chosen) {
		await breath.take();
		const metadata = hasPreview ? metadataOf(dependent, changes.reasonOf(dependent)) : undefined;
		const uri = uriOf(dependent.path);
		const edits = changes.editsOf(dependent);
		for (const { range, newText } of edits) edit.replace(uri, range, newText, metadata);
		const own = byPath.get(dependent.path);
		if (own) own.push(...edits);
		else byPath.set(dependent.path, [...edits]);
	}
	return { chosen, edit, byPath, given: await givenTexts(chosen, documents, changes, breath) };
}

async function givenTexts(
	chosen: readonly PlannedDependent[],
	documents: readonly TextDocument[],
	changes: Changes,
	breath: Breath,
): Promise<readonly GivenText[]> {
	const given: GivenText[] = [];
	for (const document of documents) {
		await breath.take();
		const path = pathOf(document.uri);
		const own = chosen.filter((dependent) => dependent.path === path);
		given.push(givenText(document, own, changes));
	}
	return given;
}

function metadataOf({ class: sure }: PlannedDependent, reason: string): WorkspaceEditEntryMetadata {
	return { label: words[sure], description: reason, needsConfirmation: sure !== 'D' };
}
