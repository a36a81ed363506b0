import { commands, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import type { Complaint } from '../completion/health.ts';
import { readSettings } from './settings.ts';
import { actionsAgainst, headline, remedy } from './slowness.ts';

interface Entry extends QuickPickItem {
	/** A command; absent for headings. */
	readonly run?: string;
}

/** The menu behind the status bar item. What is wrong comes first, with what can be done about it. */
export async function menu(complaint: Complaint | undefined): Promise<void> {
	const entries = [...(complaint ? complaintEntries(complaint) : []), ...ordinaryEntries()];
	const chosen = await window.showQuickPick(entries, { title: 'Co-Clone' });
	if (chosen?.run) await commands.executeCommand(chosen.run);
}

/** With what helps most; the rest is in the menu anyway. */
function complaintEntries(complaint: Complaint): Entry[] {
	const [action] = actionsAgainst(complaint);
	const entry = { label: `$(warning) ${headline(complaint)}`, detail: remedy(complaint) };
	return [
		{ ...entry, ...(action && { description: action.title, run: action.command }) },
		{ label: '', kind: QuickPickItemKind.Separator },
	];
}

function ordinaryEntries(): Entry[] {
	const { enabled, trigger, languages } = readSettings();
	const languageId = window.activeTextEditor?.document.languageId;
	const isLanguageOn = languageId === undefined || (languages[languageId] ?? languages['*'] ?? true);
	const turn = (isOn: boolean) => (isOn ? '$(circle-slash) Turn Off' : '$(play) Turn On');
	return [
		{ label: '$(sparkle) Complete Here', run: 'co-clone.completeHere' },
		{ label: '$(library) Complete with Codebase Context', run: 'co-clone.completeWithContext' },
		{ label: '$(question) Why Is There No Suggestion?', run: 'co-clone.whyNoSuggestion' },
		{ label: turn(enabled), run: 'co-clone.toggle' },
		...(languageId ? [{ label: `${turn(isLanguageOn)} for ${languageId}`, run: 'co-clone.toggleLanguage' }] : []),
		{
			label: trigger === 'manual' ? '$(eye) Suggest While Typing' : '$(eye-closed) Suggest Only on Demand',
			run: 'co-clone.toggleTrigger',
		},
		{ label: '$(bell-slash) Snooze…', run: 'co-clone.snooze' },
		{ label: '$(package) Select Model…', run: 'co-clone.selectModel' },
		{ label: '$(beaker) Check Model', run: 'co-clone.checkModel' },
		{ label: '$(graph) Show Statistics', run: 'co-clone.statistics' },
		{ label: '$(book) Get Started', run: 'co-clone.getStarted' },
		{ label: '$(search) Inspect Last Request', run: 'co-clone.inspectRequest' },
		{ label: '$(output) Show Log', run: 'co-clone.showLog' },
	];
}
