import { type Disposable, type LogOutputChannel, window, workspace } from 'vscode';
import type { Nothing } from '../completion/completion.ts';
import type { Reason } from '../completion/reason.ts';
import type { ModelFacts } from '../model/language-model.ts';
import { ModelError } from '../model/model-error.ts';
import { actionsFor, editorSetting, explain, showWithActions } from './advice.ts';
import { isGhostTextOn } from './ghost-text.ts';
import type { Entry } from './journal.ts';

/** Causes that the user should hear of without asking. */
const worthAToast: ReadonlySet<Reason> = new Set(['unreachable', 'stalled', 'model-missing', 'no-infill', 'bad-response', 'bug']);

/** Tells the user of each cause once; again only after it went away and came back. */
export class Notices {
	readonly #told = new Set<string>();

	heed({ outcome }: Entry): void {
		const { completion, nothing } = outcome;
		if (completion || nothing?.reason === 'model-silent') this.#told.clear();
		const cause = nothing && causeOf(nothing);
		if (cause && worthAToast.has(cause.reason)) void this.#tellOnce(cause);
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

/** Says that the embedded engine has taken over from Ollama, and why. */
export function announceFallback(why: ModelError, { name }: ModelFacts, log: LogOutputChannel): void {
	log.info(`The embedded engine completes with ${name}, because: ${why.message}`);
	void window.showInformationMessage(`Co-Clone: completing with the embedded ${name}, because Ollama has no model to ask.`);
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
