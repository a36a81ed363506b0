import {
	ConfigurationTarget,
	commands,
	type Disposable,
	type LogOutputChannel,
	type Memento,
	type QuickPickItem,
	window,
	workspace,
} from 'vscode';
import type { CompletionEngine } from '../completion/complete.ts';
import type { LanguageModel } from '../model/language-model.ts';
import type { ModelStore } from '../model/model-store.ts';
import { checkModel } from './check-model.ts';
import type { Journal } from './journal.ts';
import type { OnScreen } from './on-screen.ts';
import { selectModel } from './select-model.ts';
import { readSettings } from './settings.ts';
import type { StatisticsView } from './statistics-view.ts';
import { whyNoSuggestion } from './why.ts';

/** What the commands work on. */
export interface Parts {
	readonly engine: CompletionEngine;
	readonly model: LanguageModel;
	readonly store: ModelStore;
	readonly journal: Journal;
	readonly statistics: StatisticsView;
	readonly onScreen: OnScreen;
	readonly state: Memento;
	readonly log: LogOutputChannel;
	readonly refresh: () => void;
}

/** Registers every command of package.json. */
export function registerCommands(parts: Parts): Disposable[] {
	const { engine, model, store, journal, statistics, onScreen, state, log, refresh } = parts;
	const handlers: Record<string, () => unknown> = {
		completeHere: () => onScreen.completeHere(),
		toggle,
		toggleLanguage,
		selectModel: async () => {
			if (await selectModel(store)) await check();
		},
		checkModel: () => check(),
		whyNoSuggestion: () => whyNoSuggestion(engine, journal),
		statistics: () => statistics.show(),
		exportStatistics: () => statistics.export(),
		resetStatistics: () => statistics.reset(),
		showLog: () => log.show(),
		dismiss: () => onScreen.dismiss(),
		menu,
	};
	const check = async () => {
		await checkModel(model, state, log);
		refresh();
	};
	return Object.entries(handlers).map(([name, handler]) => commands.registerCommand(`co-clone.${name}`, handler));
}

async function toggle(): Promise<void> {
	await write('enabled', !readSettings().enabled);
}

async function toggleLanguage(): Promise<void> {
	const languageId = window.activeTextEditor?.document.languageId;
	if (!languageId) {
		void window.showInformationMessage('Co-Clone: open a file of the language to turn on or off.');
		return;
	}
	const { languages } = readSettings();
	await write('languages', { ...languages, [languageId]: !(languages[languageId] ?? languages['*'] ?? true) });
}

/** Writes where the value comes from now, so that the change takes effect. */
async function write(key: string, value: unknown): Promise<void> {
	const settings = workspace.getConfiguration('co-clone');
	const { workspaceFolderValue, workspaceValue } = settings.inspect(key) ?? {};
	const target =
		workspaceFolderValue !== undefined
			? ConfigurationTarget.WorkspaceFolder
			: workspaceValue !== undefined
				? ConfigurationTarget.Workspace
				: ConfigurationTarget.Global;
	await settings.update(key, value, target);
}

/** The menu behind the status bar item. */
async function menu(): Promise<void> {
	const { enabled, languages } = readSettings();
	const languageId = window.activeTextEditor?.document.languageId;
	const isLanguageOn = languageId === undefined || (languages[languageId] ?? languages['*'] ?? true);
	const entries: (QuickPickItem & { readonly run: string })[] = [
		{ label: '$(sparkle) Complete Here', run: 'completeHere' },
		{ label: '$(question) Why Is There No Suggestion?', run: 'whyNoSuggestion' },
		{ label: enabled ? '$(circle-slash) Turn Off' : '$(play) Turn On', run: 'toggle' },
		...(languageId
			? [{ label: `${isLanguageOn ? '$(circle-slash) Turn Off' : '$(play) Turn On'} for ${languageId}`, run: 'toggleLanguage' }]
			: []),
		{ label: '$(package) Select Model…', run: 'selectModel' },
		{ label: '$(beaker) Check Model', run: 'checkModel' },
		{ label: '$(graph) Show Statistics', run: 'statistics' },
		{ label: '$(output) Show Log', run: 'showLog' },
	];
	const chosen = await window.showQuickPick(entries, { title: 'Co-Clone' });
	if (chosen) await commands.executeCommand(`co-clone.${chosen.run}`);
}
