import { commands, type QuickPickItem, window } from 'vscode';
import { countOf } from '../../signature/count.ts';
import type { PlannedChange } from '../../tracking/wire.ts';
import { editable, needing, ofClass } from './changes.ts';
import { rangeOf, uriOf } from './places.ts';

interface Item extends QuickPickItem {
	readonly command: string;
}

/** What can be done about a change, below the old and the new signature. What is done most is one key away. */
export async function menu(change: PlannedChange, hasModel: boolean): Promise<void> {
	const picked = await pickBelow(change, choicesFor(change, hasModel), countOf(needing(change)));
	if (picked && 'command' in picked) await commands.executeCommand(`co-clone.${picked.command}`, change.id);
	else if (picked) await window.showTextDocument(uriOf(change.path), { selection: rangeOf(change.nameRange) });
}

function choicesFor(change: PlannedChange, hasModel: boolean): readonly Item[] {
	const all = editable(change).length;
	const certain = ofClass(editable(change), 'D').length;
	const certainOnes = { label: `$(check) Update ${certain} that ${certain === 1 ? 'is' : 'are'} certain`, command: 'updateCertain' };
	const edits = [
		{ label: `$(check-all) Update all ${all}`, description: 'also what is not certain', command: 'updateAll' },
		{ label: '$(diff-multiple) Review all in one diff', command: 'reviewCallers' },
		{ label: '$(checklist) Preview, tick and apply', command: 'previewCallers' },
	];
	const values = {
		label: '$(symbol-parameter) Choose values for new parameters…',
		description: hasModel ? 'or let the model choose' : '',
		command: 'chooseValues',
	};
	return [
		...(certain > 0 ? [certainOnes] : []),
		...(all > 0 ? edits : []),
		...(change.added.length > 0 ? [values] : []),
		{ label: '$(list-tree) Show the list', command: 'showChanges' },
		{ label: '$(eye) Peek', command: 'peekCallers' },
		{ label: '$(close) Dismiss', command: 'dismissChange' },
	];
}

/** Lets somebody choose below the old and the new signature, as a diff has them. These can be chosen, too: then they are what is picked. */
export function pickBelow<T extends QuickPickItem>(
	{ before, after }: PlannedChange,
	choices: readonly T[],
	placeholder: string,
): Promise<T | QuickPickItem | undefined> {
	const pick = window.createQuickPick<T | QuickPickItem>();
	pick.items = [{ label: `$(diff-removed) ${before}` }, { label: `$(diff-added) ${after}` }, ...choices];
	pick.activeItems = choices.slice(0, 1);
	pick.placeholder = placeholder;
	return new Promise((resolve) => {
		pick.onDidAccept(() => {
			resolve(pick.activeItems[0]);
			pick.hide();
		});
		pick.onDidHide(() => {
			resolve(undefined);
			pick.dispose();
		});
		pick.show();
	});
}
