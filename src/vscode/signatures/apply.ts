import { type TextDocument, WorkspaceEdit, type WorkspaceEditEntryMetadata, window, workspace } from 'vscode';
import { fingerprint } from '../../tracking/fingerprint.ts';
import type { PlannedDependent } from '../../tracking/wire.ts';
import type { Changes } from './changes.ts';
import { documentsOfValues, type GivenText, givenText } from './given-values.ts';
import { pathOf, uriOf } from './places.ts';
import type { Watch } from './watch.ts';

/** Which of the planned edits; asked again when there is a new plan. */
export type Choose = (changes: Changes) => readonly PlannedDependent[];

export interface Application {
	readonly done: readonly PlannedDependent[];
	/** Files that were changed all the time. */
	readonly refused: readonly string[];
	/** Texts with values of the model, which nobody has checked yet. */
	readonly given: readonly GivenText[];
}

const nothing: Application = { done: [], refused: [], given: [] };

/** Plans follow each other when somebody has just stopped typing. Who does not stop is not edited under their hands. */
const mostTries = 4;

const words = { D: 'Certain', C: 'To confirm', L: 'With a value to fill in', W: 'To look at' } as const;

/** Carries out what was planned, in one step that can be undone, and only in texts that are what they were when it was planned. */
export class Applier {
	readonly #changes: Changes;
	readonly #watch: Watch;
	readonly #replan: () => Promise<void>;
	readonly #onApplied: (paths: readonly string[]) => void;

	constructor(changes: Changes, watch: Watch, replan: () => Promise<void>, onApplied: (paths: readonly string[]) => void) {
		this.#changes = changes;
		this.#watch = watch;
		this.#replan = replan;
		this.#onApplied = onApplied;
	}

	/** @param hasPreview whether the editor shows everything before, with what is certain ticked */
	async apply(choose: Choose, hasPreview = false): Promise<Application> {
		for (let tries = 1; ; tries++) {
			if (this.#changes.plan.isPartial) await this.#replan();
			const { plan } = this.#changes;
			const chosen = choose(this.#changes).filter(({ edits }) => edits.length > 0);
			const documents = await documentsOfValues(chosen, this.#changes);
			const stale = await this.#stale(chosen);
			// Another plan may have come meanwhile: its holes are others.
			const isNow = this.#changes.plan === plan;
			if (isNow && stale.length === 0) {
				const given = documents.map((document) => givenText(document, chosen, this.#changes));
				return this.#edit(chosen, given, hasPreview);
			}
			if (tries === mostTries) return { ...nothing, refused: stale.length > 0 ? stale : chosen.map(({ path }) => path) };
			for (const document of stale.map(openDocument)) if (document) this.#watch.tellAgain(document);
			if (isNow) await this.#replan();
		}
	}

	/** Files that are not what they were when it was planned. */
	async #stale(chosen: readonly PlannedDependent[]): Promise<string[]> {
		const { fingerprints, changes } = this.#changes.plan;
		const stale: string[] = [];
		const declared = changes.filter(({ dependents }) => dependents.some((dependent) => chosen.includes(dependent)));
		for (const path of new Set([...declared, ...chosen].map(({ path }) => path))) {
			const text = await textOf(path);
			if (text === undefined || fingerprint(text) !== fingerprints.get(path)) stale.push(path);
		}
		return stale;
	}

	async #edit(chosen: readonly PlannedDependent[], given: readonly GivenText[], hasPreview: boolean): Promise<Application> {
		if (chosen.length === 0) return nothing;
		const edit = new WorkspaceEdit();
		for (const dependent of chosen) {
			const metadata = hasPreview ? metadataOf(dependent, this.#changes.reasonOf(dependent)) : undefined;
			for (const { range, newText } of this.#changes.editsOf(dependent)) edit.replace(uriOf(dependent.path), range, newText, metadata);
		}
		const editor = window.activeTextEditor;
		// While the editor shows a preview somebody may type.
		this.#watch.isApplying = !hasPreview;
		try {
			// After a refactoring the editor saves. What a model wrote is not saved before anybody has seen it.
			if (!(await workspace.applyEdit(edit, { isRefactoring: given.length === 0 }))) return nothing;
		} finally {
			this.#watch.isApplying = false;
		}
		if (editor && window.activeTextEditor?.document !== editor.document) await window.showTextDocument(editor.document, editor.viewColumn);
		this.#onApplied([...new Set(chosen.map(({ path }) => path))]);
		return { done: chosen, refused: [], given };
	}
}

function metadataOf({ class: sure }: PlannedDependent, reason: string): WorkspaceEditEntryMetadata {
	return { label: words[sure], description: reason, needsConfirmation: sure !== 'D' };
}

function openDocument(path: string): TextDocument | undefined {
	return workspace.textDocuments.find(({ uri, isClosed }) => uri.scheme === 'file' && !isClosed && pathOf(uri) === path);
}

/** As it is in the editor, or else on the disk: opening hundreds of files only to look at them would take long. */
async function textOf(path: string): Promise<string | undefined> {
	const document = openDocument(path);
	if (document) return document.getText();
	try {
		return Buffer.from(await workspace.fs.readFile(uriOf(path)))
			.toString('utf8')
			.replace(/^\uFEFF/, '');
	} catch {
		return undefined;
	}
}
