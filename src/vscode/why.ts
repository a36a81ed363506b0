import { window } from 'vscode';
import type { CompletionEngine } from '../completion/complete.ts';
import type { Nothing } from '../completion/completion.ts';
import { type CompletionPolicy, gate } from '../completion/gate.ts';
import type { Complaint } from '../completion/health.ts';
import { hideSecrets } from '../completion/hide-secrets.ts';
import type { Phase } from '../completion/schedule.ts';
import { type Action, actionsFor, completeHere, editorSetting, explain, showWithActions } from './advice.ts';
import { isGhostTextOn } from './ghost-text.ts';
import { describe, type Entry, type Journal } from './journal.ts';
import { editorGate, requestAt } from './request-at.ts';
import { actionsAgainst, explainSlowness } from './slowness.ts';

/** “Why Is There No Suggestion?”: answers for the cursor as it is now. */
export async function whyNoSuggestion(
	engine: CompletionEngine,
	journal: Journal,
	policy: CompletionPolicy,
	complaint: Complaint | undefined,
): Promise<void> {
	const { message, actions } = answer(engine, journal, policy, complaint);
	await showWithActions(`Co-Clone: ${message}`, actions);
}

interface Answer {
	readonly message: string;
	readonly actions: readonly Action[];
}

export function answer(engine: CompletionEngine, journal: Journal, policy: CompletionPolicy, complaint: Complaint | undefined): Answer {
	const editor = window.activeTextEditor;
	if (!editor) return { message: 'No text editor is active.', actions: [] };
	const { document, selection } = editor;
	if (!isGhostTextOn(document)) {
		return {
			message: 'The editor’s own setting editor.inlineSuggest.enabled is off, so it shows no suggestions at all.',
			actions: [editorSetting],
		};
	}
	const entry = journal.at(document, selection.active);
	// Who asked on demand has passed the gate.
	if (entry?.request.trigger === 'manual') return ofEntry(entry);
	const closed = editorGate(document, editor, 'automatic') ?? gate(hideSecrets(requestAt(document, selection.active, 'automatic')), policy);
	if (closed) return { message: explain(closed), actions: actionsFor(closed.reason) };
	if (engine.waiting) return ofWaiting(engine.waiting, complaint);
	if (entry) return ofEntry(entry);
	return { message: 'Nothing was asked at this place yet; the editor asks when something is typed.', actions: actionsFor('manual-only') };
}

const phases: Readonly<Record<Phase, string>> = {
	idle: 'The model is about to be asked',
	loading: 'The model is being loaded',
	prefill: 'The model reads the text around the cursor',
	decode: 'The model writes',
	closing: 'The model is being stopped, to be asked anew',
};

function ofWaiting({ phase, ms }: { readonly phase: Phase; readonly ms: number }, complaint: Complaint | undefined): Answer {
	const soFar = `${phases[phase]} (${Math.round(ms)} ms so far).`;
	if (!complaint) return { message: soFar, actions: [] };
	return { message: `${soFar} ${explainSlowness(complaint)}`, actions: actionsAgainst(complaint) };
}

function ofEntry({ outcome, shown }: Entry): Answer {
	const { completion, nothing = { reason: 'bug' }, prompt } = outcome;
	const look = prompt === undefined ? [] : [inspect];
	if (completion && shown === undefined) {
		const late = `There is one, but it came too late: the editor had taken its question back. “${shorten(completion.text)}”.`;
		return { message: late, actions: [completeHere, ...look] };
	}
	if (completion) {
		const hidden = 'If it is not to be seen, the suggest widget, another extension or the editor’s own snooze hides it.';
		return { message: `There is one: “${shorten(completion.text)}”. ${hidden}`, actions: look };
	}
	return { message: withRaw(nothing, describe(outcome)), actions: [...actionsFor(nothing.reason), ...look] };
}

const inspect: Action = { title: 'Inspect Request', command: 'co-clone.inspectRequest' };

function withRaw(nothing: Nothing, line: string): string {
	const raw = nothing.raw?.trim() ? ` The model said: “${shorten(nothing.raw)}”.` : '';
	return `${explain(nothing)}${raw} [${line.slice(line.indexOf(';') + 2)}]`;
}

function shorten(text: string): string {
	const line = text.trim().replaceAll(/\s+/g, ' ');
	return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
