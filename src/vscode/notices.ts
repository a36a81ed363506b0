import { type Disposable, type LogOutputChannel, type Memento, window, workspace } from 'vscode';
import type { Nothing } from '../completion/completion.ts';
import type { Complaint, Slowness } from '../completion/health.ts';
import type { Reason } from '../completion/reason.ts';
import type { ModelFacts } from '../model/language-model.ts';
import { ModelError } from '../model/model-error.ts';
import type { Absence } from '../model/stand-in.ts';
import { actionsFor, editorSetting, explain, explainAbsence, showWithActions } from './advice.ts';
import { isGhostTextOn } from './ghost-text.ts';
import type { Entry } from './journal.ts';
import { actionsAgainst, explainSlowness } from './slowness.ts';

/** Causes that the user should hear of without asking. */
const worthAToast: ReadonlySet<Reason> = new Set([
	'unreachable',
	'stalled',
	'model-missing',
	'no-infill',
	'no-memory',
	'bad-response',
	'bug',
]);
/** What the walkthrough is about. */
const absences: readonly Reason[] = ['unreachable', 'model-missing', 'no-infill', 'bad-response'];

/** The model that completed last, kept over restarts. */
const key = 'completedLast';

/** What is needed of the editor's storage. */
type Memory = Pick<Memento, 'get' | 'update'>;

/** Tells the user of each cause once; again only after it went away and came back. */
export class Notices {
	readonly #state: Memory;
	readonly #log: LogOutputChannel;
	readonly #told = new Set<Reason>();
	readonly #toldSlow = new Set<Slowness>();

	constructor(state: Memory, log: LogOutputChannel) {
		this.#state = state;
		this.#log = log;
	}

	heed({ outcome }: Entry): void {
		const { completion, nothing, model } = outcome;
		if (completion || nothing?.reason === 'model-silent') this.#told.clear();
		if (completion && model !== this.#state.get(key)) void this.#state.update(key, model);
		const cause = nothing && causeOf(nothing);
		if (cause && worthAToast.has(cause.reason)) void this.#tellOnce(cause);
	}

	/** While somebody reads how to get a model, they need not be told that there is none. */
	beQuietAboutAbsence(): void {
		for (const reason of absences) this.#told.add(reason);
	}

	/** From now on it is news again. */
	speakAgain(): void {
		this.#told.clear();
	}

	/** Says why suggestions are slow, each cause once a session. A busy machine passes by itself, the status bar is enough. */
	heedSlowness(complaint: Complaint | undefined): void {
		if (!complaint) return;
		this.#log.info(explainSlowness(complaint));
		if (complaint.slowness === 'busy' || this.#toldSlow.has(complaint.slowness)) return;
		this.#toldSlow.add(complaint.slowness);
		void showWithActions(`Co-Clone: ${explainSlowness(complaint)}`, actionsAgainst(complaint), true);
	}

	/** Says that the embedded engine has taken over from Ollama, if that is news: another model completed before. */
	fellBack(why: ModelError, { name }: ModelFacts): void {
		this.#log.info(`The embedded engine completes with ${name}, because: ${why.message}`);
		const before = this.#state.get(key);
		if (before === undefined || before === name) return;
		void window.showInformationMessage(`Co-Clone: completing with the embedded ${name}, because Ollama has no model to ask.`);
	}

	/** Nobody has to do anything about it: the status bar says it, and the log since when. */
	stoodIn(absence: Absence | undefined): void {
		this.#log.info(absence ? explainAbsence(absence) : 'The server is back, and completes again.');
	}

	async #tellOnce(nothing: Nothing): Promise<void> {
		if (this.#told.has(nothing.reason)) return;
		this.#told.add(nothing.reason);
		await showWithActions(`Co-Clone: ${explain(nothing)}`, actionsFor(nothing.reason), true);
	}
}

/** What a failed server is being left alone for. */
function causeOf(nothing: Nothing): Nothing {
	const { reason, error } = nothing;
	return reason === 'backing-off' && error instanceof ModelError ? { reason: error.code, detail: error.message } : nothing;
}

/** Says once when the editor's own setting keeps all suggestions from being shown. The setting is the user's to change. */
export function noticeEditorSetting(): Disposable {
	let isTold = false;
	const look = () => {
		const isOff = !isGhostTextOn(window.activeTextEditor?.document);
		if (isOff && !isTold) {
			void showWithActions('Co-Clone: the editor’s own setting editor.inlineSuggest.enabled is off, so no suggestion can be shown.', [
				editorSetting,
			]);
		}
		isTold = isOff;
	};
	look();
	return workspace.onDidChangeConfiguration((event) => {
		if (event.affectsConfiguration('editor.inlineSuggest.enabled')) look();
	});
}
