import {
	CodeAction,
	type CodeActionContext,
	CodeActionKind,
	type CodeActionProvider,
	type Command,
	type Range,
	type TextDocument,
} from 'vscode';
import { countOf } from '../../signature/count.ts';
import type { PlannedChange, PlannedDependent } from '../../tracking/wire.ts';
import { type Changes, editable, needing, ofClass } from './changes.ts';
import { problemSource } from './stale-calls.ts';

/** What can be done at a declaration that was edited, and at each call that is not what it should be. */
export class CallersLightbulb implements CodeActionProvider {
	static readonly kinds = [CodeActionKind.RefactorRewrite, CodeActionKind.QuickFix];
	readonly #changes: Changes;

	constructor(changes: Changes) {
		this.#changes = changes;
	}

	provideCodeActions({ uri }: TextDocument, { start }: Range, { diagnostics }: CodeActionContext): CodeAction[] {
		const change = this.#changes.declaredAt(uri, start.line);
		const dependent = this.#changes.dependentAt(uri, start);
		const own = dependent && this.#changes.typed.find(({ dependents }) => dependents.includes(dependent));
		const atCall = dependent && own ? atDependent(dependent, own, this.#changes.reasonOf(dependent)) : [];
		for (const action of atCall) action.diagnostics = diagnostics.filter(({ source }) => source === problemSource);
		return [...atCall, ...(change ? atDeclaration(change) : [])];
	}
}

function atDependent({ id, class: sure, edits }: PlannedDependent, change: PlannedChange, reason: string): CodeAction[] {
	const title = sure === 'D' ? 'Update for the new signature' : `Update for the new signature: ${reason}`;
	const update = actionFor(CodeActionKind.QuickFix, { title, command: 'co-clone.updateCaller', arguments: [id] });
	update.isPreferred = sure === 'D';
	const peek = { title: `Peek: ${countOf(needing(change))}`, command: 'co-clone.peekCallers', arguments: [change.id] };
	return [...(edits.length > 0 ? [update] : []), actionFor(CodeActionKind.QuickFix, peek)];
}

function atDeclaration(change: PlannedChange): CodeAction[] {
	const certain = ofClass(editable(change), 'D').length;
	const commands: Command[] = [
		...(certain > 0
			? [
					{
						title: `Update ${certain} of ${countOf(needing(change)).replace(/ need.*/, '')}: what is certain`,
						command: 'co-clone.updateCertain',
					},
				]
			: []),
		{ title: `Review: ${countOf(needing(change))}`, command: 'co-clone.reviewCallers' },
		{ title: 'Peek Callers to Update', command: 'co-clone.peekCallers' },
		{ title: 'Update with Refactor Preview', command: 'co-clone.previewCallers' },
		...(change.added.length > 0 ? [{ title: 'Choose Values for New Parameters…', command: 'co-clone.chooseValues' }] : []),
		{ title: 'Dismiss This Signature Change', command: 'co-clone.dismissChange' },
	];
	return commands.map((command, index) => {
		const action = actionFor(CodeActionKind.RefactorRewrite, { ...command, arguments: [change.id] });
		action.isPreferred = index === 0;
		return action;
	});
}

function actionFor(kind: CodeActionKind, command: Command): CodeAction {
	const action = new CodeAction(command.title, kind);
	action.command = command;
	return action;
}
