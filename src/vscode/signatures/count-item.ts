import { commands, type Disposable, StatusBarAlignment, window } from 'vscode';
import { countOf } from '../../signature/count.ts';
import { type Changes, needing, numberOf } from './changes.ts';

/** In the status bar, while there is something to do; key bindings and views ask for the same. */
export function countItem(changes: Changes): Disposable {
	const item = window.createStatusBarItem('co-clone.signatures', StatusBarAlignment.Right, 99);
	item.name = 'Co-Clone: Signature Changes';
	item.command = 'co-clone.showChanges';
	let context: string | undefined;
	changes.onDidChange(() => {
		const dependents = changes.typed.flatMap(needing);
		item.text = `$(references) ${numberOf(dependents)}`;
		item.tooltip = [countOf(dependents), ...changes.typed.map(({ before, after }) => `${before} → ${after}`)].join('\n');
		item.accessibilityInformation = { label: `Co-Clone: ${countOf(dependents)}` };
		if (dependents.length > 0) item.show();
		else item.hide();
		const next = `${dependents.length > 0} ${!changes.isEmpty}`;
		if (next === context) return;
		context = next;
		void commands.executeCommand('setContext', 'coClone.hasStaleCallers', dependents.length > 0);
		void commands.executeCommand('setContext', 'coClone.hasSignatureChanges', !changes.isEmpty);
	});
	return item;
}
