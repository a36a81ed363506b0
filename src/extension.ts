import { type ExtensionContext, languages, window, workspace } from 'vscode';
import { CompletionEngine } from './completion/complete.ts';
import { OllamaModel } from './model/ollama.ts';
import { delay } from './std/abortable.ts';
import { lastReport } from './vscode/check-model.ts';
import { registerCommands } from './vscode/commands.ts';
import { GhostTextProvider } from './vscode/ghost-text.ts';
import { Journal } from './vscode/journal.ts';
import { Notices, noticeEditorSetting } from './vscode/notices.ts';
import { ollamaModelName, readSettings } from './vscode/settings.ts';
import { Status } from './vscode/status.ts';
import { warmUp } from './vscode/warm-up.ts';

/** Builds every object once and hands it what it needs. */
export function activate(context: ExtensionContext): void {
	const started = performance.now();
	const log = window.createOutputChannel('Co-Clone', { log: true });
	const model = new OllamaModel(() => {
		const settings = readSettings();
		return { url: settings.ollamaUrl, model: ollamaModelName(settings) };
	});
	const engine = new CompletionEngine({ model, policy: readSettings, now: () => performance.now(), delay });
	const journal = new Journal(log);
	const ghostText = new GhostTextProvider(engine, journal);
	const status = new Status(() => lastReport(context.globalState));
	const notices = new Notices();
	journal.onOutcome((entry) => status.record(entry));
	journal.onOutcome((entry) => notices.heed(entry));
	context.subscriptions.push(
		log,
		status,
		languages.registerInlineCompletionItemProvider({ pattern: '**' }, ghostText),
		workspace.onDidChangeTextDocument((event) => ghostText.typed(event)),
		window.onDidChangeTextEditorSelection(({ textEditor }) => ghostText.moved(textEditor)),
		window.onDidChangeActiveTextEditor((editor) => ghostText.moved(editor)),
		window.onDidChangeWindowState(({ focused }) => {
			if (!focused) ghostText.moved(undefined);
		}),
		workspace.onDidChangeConfiguration((event) => {
			if (event.affectsConfiguration('co-clone')) engine.reset();
		}),
		warmUp(engine),
		noticeEditorSetting(),
		...registerCommands({ engine, model, journal, state: context.globalState, log, refresh: () => status.refresh() }),
	);
	log.info(`Co-Clone ${context.extension.packageJSON.version} is ready after ${Math.round(performance.now() - started)} ms`);
}
