import { window } from 'vscode';
import type { CompletionEngine } from '../completion/complete.ts';
import type { Nothing } from '../completion/completion.ts';
import { type CompletionPolicy, gate } from '../completion/gate.ts';
import type { Complaint } from '../completion/health.ts';
import { type Action, actionsFor, editorSetting, explain, showWithActions } from './advice.ts';
import { isGhostTextOn } from './ghost-text.ts';
import { describe, type Journal } from './journal.ts';
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

function answer(engine: CompletionEngine, journal: Journal, policy: CompletionPolicy, complaint: Complaint | undefined): Answer {
	const editor = window.activeTextEditor;
	if (!editor) return { message: 'No text editor is active.', actions: [] };
	const { document, selection } = editor;
	if (!isGhostTextOn(document)) {
		return {
			message: 'The editor’s own setting editor.inlineSuggest.enabled is off, so it shows no suggestions at all.',
			actions: [editorSetting],
		};
	}
	const request = requestAt(document, selection.active, 'automatic');
	const closed = editorGate(document, editor, 'automatic') ?? gate(request, policy);
	if (closed) return { message: explain(closed), actions: actionsFor(closed.reason) };
	const waiting = engine.waiting;
	if (waiting) {
		const soFar = `The model is at it (${waiting.phase}, ${Math.round(waiting.ms)} ms so far).`;
		return complaint
			? { message: `${soFar} ${explainSlowness(complaint)}`, actions: actionsAgainst(complaint) }
			: { message: soFar, actions: [] };
	}
	const { last } = journal;
	const isHere = last?.uri === document.uri.toString() && last.position.isEqual(selection.active);
	if (!last || !isHere)
		return { message: 'Nothing was asked at this place yet; the editor asks when something is typed.', actions: actionsFor('manual-only') };
	const { completion, nothing } = last.outcome;
	if (completion) {
		const hidden = 'If it is not to be seen, the suggest widget or another extension is showing something else.';
		return { message: `There is one: “${shorten(completion.text)}”. ${hidden}`, actions: [] };
	}
	const why: Nothing = nothing ?? { reason: 'bug' };
	return { message: withRaw(why, describe(last.outcome)), actions: actionsFor(why.reason) };
}

function withRaw(nothing: Nothing, line: string): string {
	const raw = nothing.raw?.trim() ? ` The model said: “${shorten(nothing.raw)}”.` : '';
	return `${explain(nothing)}${raw} [${line.slice(line.indexOf(';') + 2)}]`;
}

function shorten(text: string): string {
	const line = text.trim().replaceAll(/\s+/g, ' ');
	return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
