import { type TextDocument, type TextEditor, window, workspace } from 'vscode';
import { abortable } from '../../std/abortable.ts';
import { Breath } from '../../std/breath.ts';
import { fingerprint } from '../../tracking/fingerprint.ts';
import type { PlannedDependent } from '../../tracking/wire.ts';
import type { Changes } from './changes.ts';
import { documentsOfValues, type GivenText } from './given-values.ts';
import { openDocuments, pathOf, save, savedText, tabbedPaths } from './places.ts';
import { type PreparedEdits, prepareEdits } from './prepare-edits.ts';
import type { UpdateProgress } from './update-progress.ts';
import type { Watch } from './watch.ts';
import { putBack, Witness } from './witness.ts';

/** Which of the planned edits; asked again when there is a new plan. */
export type Choose = (changes: Changes) => readonly PlannedDependent[];

export interface Application {
	readonly done: readonly PlannedDependent[];
	/** Files that others changed, and that are as those left them. */
	readonly refused: readonly string[];
	/** Whether the editor did not take edits that it should have. */
	readonly isRejected?: boolean;
	/** Texts with values of the model, which nobody has checked yet. */
	readonly given: readonly GivenText[];
}

const nothing: Application = { done: [], refused: [], given: [] };

/** Plans follow each other when somebody has just stopped typing. Who does not stop is not edited under their hands. */
const mostTries = 4;

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

	/**
	 * @param hasPreview whether the editor shows everything before, with what is certain ticked
	 * @throws the reason of the progress's signal, before anything is edited
	 */
	async apply(choose: Choose, progress: UpdateProgress, hasPreview = false): Promise<Application> {
		for (let tries = 1; ; tries++) {
			progress.plans();
			if (this.#changes.plan.isPartial) await abortable(this.#replan(), progress.signal);
			const { plan } = this.#changes;
			const chosen = choose(this.#changes).filter(({ edits }) => edits.length > 0);
			if (chosen.length === 0) return nothing;
			const witness = new Witness(plan.fingerprints);
			try {
				const breath = new Breath(progress.signal);
				const documents = await documentsOfValues(chosen, this.#changes);
				const stale = await this.#stale(chosen, breath);
				const prepared = stale.length === 0 && (await prepareEdits(chosen, documents, this.#changes, hasPreview, breath));
				// Another plan may have come meanwhile: its holes are others.
				const isNow = this.#changes.plan === plan && witness.isQuiet;
				const done = isNow && prepared && (await this.#edit(prepared, witness, progress, hasPreview));
				if (done) return done;
				if (tries === mostTries) return refusalOf(chosen, stale, isNow);
				this.#tellAgain(stale);
				if (this.#changes.plan === plan) await abortable(this.#replan(), progress.signal);
			} finally {
				witness.dispose();
			}
		}
	}

	/** Files that are not what they were when it was planned. */
	async #stale(chosen: readonly PlannedDependent[], breath: Breath): Promise<string[]> {
		const { fingerprints, changes } = this.#changes.plan;
		const all = new Set(chosen);
		const declared = changes.filter(({ dependents }) => dependents.some((dependent) => all.has(dependent)));
		const open = openDocuments();
		const stale: string[] = [];
		for (const path of new Set([...declared, ...chosen].map(({ path }) => path))) {
			await breath.take();
			const text = open.get(path)?.getText() ?? (await savedText(path));
			if (text === undefined || fingerprint(text) !== fingerprints.get(path)) stale.push(path);
		}
		return stale;
	}

	#tellAgain(paths: readonly string[]) {
		const open = openDocuments();
		for (const document of paths.map((path) => open.get(path))) if (document) this.#watch.tellAgain(document);
	}

	/** Undefined where the editor did not: a file has gone, or is another by now. */
	async #edit(
		{ chosen, edit, byPath, given }: PreparedEdits,
		witness: Witness,
		progress: UpdateProgress,
		hasPreview: boolean,
	): Promise<Application | undefined> {
		const editor = window.activeTextEditor;
		const paths = new Set(byPath.keys());
		const tabbed = tabbedPaths();
		if (hasPreview) progress.dispose();
		else progress.edits(paths.size);
		// In a preview somebody may leave out some of them.
		if (!hasPreview) witness.expect(byPath);
		// After a refactoring the editor saves. What a model wrote is not saved before anybody has seen it.
		const applies = () => workspace.applyEdit(edit, { isRefactoring: given.length === 0 });
		// While the editor shows a preview somebody may type.
		if (!(await this.#watch.during(hasPreview ? undefined : paths, applies))) return hasPreview ? nothing : undefined;
		if (hasPreview && editor) await returnTo(editor);
		const { others } = witness;
		if (others.size > 0) await this.#watch.during(new Set(others.keys()), () => putBack(others));
		if (given.length === 0) await saveHidden([...paths].filter((path) => !tabbed.has(path)));
		this.#onApplied([...paths]);
		const done = chosen.filter(({ path }) => !others.has(path));
		return { done, refused: [...others.keys()], given: given.map(asOpen(openDocuments())) };
	}
}

function refusalOf(chosen: readonly PlannedDependent[], stale: readonly string[], isRejected: boolean): Application {
	if (stale.length > 0) return { ...nothing, refused: stale };
	return isRejected ? { ...nothing, isRejected } : { ...nothing, refused: [...new Set(chosen.map(({ path }) => path))] };
}

/** From what a preview showed. Who types elsewhere by the time that all is saved is not called away from there. */
async function returnTo({ document, viewColumn }: TextEditor): Promise<void> {
	if (document.isClosed || window.activeTextEditor?.document === document) return;
	await window.showTextDocument(document, viewColumn);
}

/** Where it edited a single file, the editor leaves that to be saved by somebody who has not even opened it. */
async function saveHidden(paths: readonly string[]): Promise<void> {
	if (workspace.getConfiguration('files').get<unknown>('refactoring.autoSave') !== false) await save(paths);
}

/** Of hundreds of texts the editor closes the first while it opens the last, and opens them anew to edit them. */
function asOpen(open: ReadonlyMap<string, TextDocument>): (given: GivenText) => GivenText {
	return (given) => ({ ...given, document: open.get(pathOf(given.document.uri)) ?? given.document });
}
