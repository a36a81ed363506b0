import {
	type CancellationToken,
	EndOfLine,
	Position,
	type Progress,
	ProgressLocation,
	Range,
	Selection,
	type TextDocument,
	type TextEditor,
	window,
} from 'vscode';
import { alternatives, mostInEditor } from '../../completion/candidates.ts';
import type { CompletionEngine } from '../../completion/complete.ts';
import type { Completion, CompletionRequest, Outcome } from '../../completion/completion.ts';
import { type Hole, holeAt, type Spot } from '../../completion/hole.ts';
import { actionsFor, explain, showWithActions } from '../advice.ts';
import type { Journal } from '../journal.ts';
import { editorGate, requestAt } from '../request-at.ts';
import { Choice } from './choice.ts';
import type { EditorContext } from './editor-context.ts';

/** A place to be filled, and what is asked about it. */
interface Task {
	readonly editor: TextEditor;
	/** The text that all of this is about. */
	readonly version: number;
	readonly hole: Hole;
	readonly range: Range;
	readonly request: CompletionRequest;
}

type Report = Progress<{ message?: string }>;

/**
 * “Complete with Codebase Context”: fills the body, the stub, the selection or the place of the cursor with more time and more context than
 * there is while somebody types. Nothing is written before one of the answers is chosen, and then in one step.
 */
export class CompleteWithContext {
	readonly #engine: CompletionEngine;
	readonly #elsewhere: EditorContext;
	readonly #journal: Journal;
	readonly #showUsed: () => Promise<void>;

	constructor(engine: CompletionEngine, elsewhere: EditorContext, journal: Journal, showUsed: () => Promise<void>) {
		this.#engine = engine;
		this.#elsewhere = elsewhere;
		this.#journal = journal;
		this.#showUsed = showUsed;
	}

	async run(): Promise<void> {
		const editor = window.activeTextEditor;
		if (!editor) {
			void window.showInformationMessage('Co-Clone: open a file and put the cursor where something is missing.');
			return;
		}
		const closed = editorGate(editor.document, editor, 'manual');
		if (closed) return showWithActions(`Co-Clone: ${explain(closed)}`, actionsFor(closed.reason));
		const task = taskIn(editor);
		const options = { location: ProgressLocation.Notification, title: 'Co-Clone', cancellable: true };
		const found = await window.withProgress(options, (report, token) => this.#ask(task, report, token));
		if (!found) return;
		const { request, first } = found;
		const { nothing = { reason: 'bug' }, completion } = first;
		if (completion) await this.#offer({ ...task, request }, first, completion);
		else if (nothing.reason !== 'cancelled') await showWithActions(`Co-Clone: ${explain(nothing)}`, actionsFor(nothing.reason));
	}

	/** Undefined when the user had enough of waiting. */
	async #ask(
		task: Task,
		report: Report,
		token: CancellationToken,
	): Promise<{ readonly request: CompletionRequest; readonly first: Outcome } | undefined> {
		const controller = new AbortController();
		const listener = token.onCancellationRequested(() => controller.abort());
		const { signal } = controller;
		try {
			const { document } = task.editor;
			report.report({ message: 'waits for the disk to say whether this file is listed in .co-cloneignore …' });
			await this.#elsewhere.untilKnown(task.request.path, signal);
			report.report({ message: 'looks for code that belongs here. Language features may still be starting …' });
			const context = await this.#elsewhere.gather(document, task.range.start, task.request, signal);
			report.report({ message: 'has the model read that and write …' });
			const request = { ...task.request, context };
			const first = await this.#engine.complete(request, signal);
			this.#journal.record({ document, position: task.range.start, request, outcome: first });
			return { request, first };
		} catch (error) {
			if (signal.aborted) return undefined;
			throw error;
		} finally {
			listener.dispose();
		}
	}

	/** Shows what there is, and more of it as it comes. */
	async #offer(task: Task, first: Outcome, completion: Completion): Promise<void> {
		const { document } = task.editor;
		const more = new AbortController();
		const choice = new Choice(document, (chosen) => filled(document, task, chosen), first.inquiry?.context.length ?? 0, this.#showUsed);
		choice.add(completion);
		const others = this.#others(task, completion, choice, more.signal);
		try {
			const chosen = await choice.chosen;
			if (chosen) await insert(task, chosen);
		} finally {
			more.abort();
			await others;
		}
	}

	async #others(task: Task, first: Completion, choice: Choice, signal: AbortSignal): Promise<void> {
		const ask = async (request: CompletionRequest, stop: AbortSignal) => {
			const outcome = await this.#engine.complete(request, stop);
			if (outcome.completion && !stop.aborted) choice.add(outcome.completion);
			return outcome;
		};
		await alternatives(ask, task.request, first, mostInEditor, signal);
		choice.complete();
	}
}

function taskIn(editor: TextEditor): Task {
	const { document, selection } = editor;
	const hole = holeAt(linesOf(document), selection.start, selection.end, document.languageId);
	const range = new Range(positionOf(hole.start), positionOf(hole.end));
	const before = requestAt(document, range.start, 'manual');
	const { suffix } = requestAt(document, range.end, 'manual');
	return { editor, version: document.version, hole, range, request: { ...before, prefix: before.prefix + hole.lead, suffix } };
}

function linesOf(document: TextDocument): string[] {
	return Array.from({ length: document.lineCount }, (_, line) => document.lineAt(line).text);
}

function positionOf({ line, character }: Spot): Position {
	return new Position(line, character);
}

/** What a completion takes the place of: the hole, and the closers behind it that it brings itself. */
function replaced({ range }: Task, { replaces }: Completion): Range {
	return range.with(undefined, range.end.translate(0, replaces));
}

function filled(document: TextDocument, task: Task, completion: Completion): string {
	const range = replaced(task, completion);
	const all = document.getText();
	return all.slice(0, document.offsetAt(range.start)) + task.hole.lead + completion.text + all.slice(document.offsetAt(range.end));
}

/** One step for “Undo”, with the cursor behind it. */
async function insert(task: Task, completion: Completion): Promise<void> {
	const { document, viewColumn } = task.editor;
	const isSame = !document.isClosed && document.version === task.version;
	if (!isSame) {
		void window.showWarningMessage('Co-Clone: the text was changed meanwhile, so nothing was inserted. Run the command again.');
		return;
	}
	const editor = await window.showTextDocument(document, viewColumn);
	const range = replaced(task, completion);
	const start = document.offsetAt(range.start);
	const text = task.hole.lead + completion.text;
	const isDone = await editor.edit((edit) => edit.replace(range, text), { undoStopBefore: true, undoStopAfter: true });
	if (!isDone) {
		void window.showWarningMessage('Co-Clone: the editor refused the change, so nothing was inserted.');
		return;
	}
	const end = document.positionAt(start + text.length + lineEndsAdded(text, document));
	editor.selection = new Selection(end, end);
}

/** The editor writes line breaks as the document has them. */
function lineEndsAdded(text: string, { eol }: TextDocument): number {
	return eol === EndOfLine.CRLF ? text.split('\n').length - 1 : 0;
}
