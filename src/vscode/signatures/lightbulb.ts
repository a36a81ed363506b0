import { CodeAction, CodeActionKind, type CodeActionProvider, type Command, type Range, type TextDocument } from 'vscode';
import type { PlannedChange } from '../../tracking/wire.ts';
import { type Changes, countOf, editable, needing, ofClass } from './changes.ts';

/** What can be done at a declaration that was edited, and at each call that is not what it should be. */
export class CallersLightbulb implements CodeActionProvider {
	static readonly kinds = [CodeActionKind.RefactorRewrite, CodeActionKind.QuickFix];
	readonly #changes: Changes;

	constructor(changes: Changes) {
		this.#changes = changes;
	}

	provideCodeActions({ uri }: TextDocument, { start }: Range): CodeAction[] {
		const change = this.#changes.declaredAt(uri, start.line);
		const dependent = this.#changes.dependentAt(uri, start);
		const actions = change ? atDeclaration(change) : [];
		if (!dependent || dependent.edits.length === 0) return actions;
		const title = dependent.class === 'D' ? 'Update for the new signature' : `Update for the new signature: ${dependent.reason}`;
		const update = actionFor(CodeActionKind.QuickFix, { title, command: 'co-clone.updateCaller', arguments: [dependent.id] });
		update.isPreferred = dependent.class === 'D';
		return [update, ...actions];
	}
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
