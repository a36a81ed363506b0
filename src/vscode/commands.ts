import { ConfigurationTarget, commands, type Disposable, type LogOutputChannel, type Memento, window, workspace } from 'vscode';
import type { CompletionEngine } from '../completion/complete.ts';
import type { CompletionPolicy } from '../completion/gate.ts';
import type { Health } from '../completion/health.ts';
import type { LanguageModel } from '../model/language-model.ts';
import { checkModel } from './check-model.ts';
import { chooseSnooze } from './choose-snooze.ts';
import type { CompleteWithContext } from './context/complete-with-context.ts';
import type { GhostTextProvider } from './ghost-text.ts';
import type { Imports } from './imports.ts';
import type { Inspector } from './inspector.ts';
import type { Journal } from './journal.ts';
import { menu } from './menu.ts';
import type { Notices } from './notices.ts';
import type { OnScreen } from './on-screen.ts';
import type { Pauses } from './pauses.ts';
import { type ModelSources, selectModel } from './select-model.ts';
import { readSettings } from './settings.ts';
import type { StatisticsView } from './statistics-view.ts';
import { openSample, type Walkthrough } from './walkthrough.ts';
import { whyNoSuggestion } from './why.ts';

/** What the commands work on. */
export interface Parts {
	readonly engine: CompletionEngine;
	readonly health: Health;
	readonly model: LanguageModel;
	readonly sources: ModelSources;
	readonly journal: Journal;
	readonly statistics: StatisticsView;
	readonly ghostText: GhostTextProvider;
	readonly onScreen: OnScreen;
	readonly pauses: Pauses;
	readonly policy: () => CompletionPolicy;
	readonly inspector: Inspector;
	readonly withContext: CompleteWithContext;
	readonly walkthrough: Walkthrough;
	readonly notices: Notices;
	readonly imports: Imports;
	readonly allowHost: () => Promise<void>;
	readonly signIn: () => Promise<void>;
	readonly state: Memento;
	readonly log: LogOutputChannel;
	readonly refresh: () => void;
}

/** Registers every command of package.json. */
export function registerCommands(parts: Parts): Disposable[] {
	const {
		engine,
		health,
		model,
		sources,
		journal,
		statistics,
		ghostText,
		onScreen,
		pauses,
		policy,
		inspector,
		withContext,
		walkthrough,
		notices,
		allowHost,
		signIn,
		imports,
		state,
		log,
		refresh,
	} = parts;
	const handlers: Record<string, (argument?: unknown) => unknown> = {
		completeHere: () => ghostText.completeHere(),
		completeWithContext: () => withContext.run(),
		showContext: () => inspector.showUsed(),
		toggle,
		toggleLanguage,
		toggleTrigger,
		snooze: (forMinutes) => chooseSnooze(pauses.snooze, forMinutes),
		selectModel: async () => {
			if (await selectModel(sources)) await check();
		},
		checkModel: () => check(),
		whyNoSuggestion: () => whyNoSuggestion(engine, journal, policy(), health.complaint),
		inspectRequest: () => inspector.show(),
		statistics: () => statistics.show(),
		exportStatistics: () => statistics.export(),
		resetStatistics: () => statistics.reset(),
		getStarted: () => walkthrough.open(),
		openSample: () => {
			notices.speakAgain();
			return openSample();
		},
		addImport: () => imports.add(),
		allowHost,
		signIn,
		showLog: () => log.show(),
		dismiss: () => onScreen.dismiss(),
		menu: () => menu(health.complaint),
	};
	const check = async () => {
		if (await checkModel(model, state, log)) walkthrough.modelIs('ready');
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

async function toggleTrigger(): Promise<void> {
	await write('trigger', readSettings().trigger === 'manual' ? 'automatic' : 'manual');
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
