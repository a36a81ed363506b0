import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Disposable, type ExtensionContext, window, workspace } from 'vscode';
import type { LanguageModel } from '../model/language-model.ts';
import type { ModelStore } from '../model/model-store.ts';
import type { Notices } from './notices.ts';
import { readSettings } from './settings.ts';
import type { Walkthrough } from './walkthrough.ts';

/** What decides whether there is a model already. */
export interface FirstRun {
	readonly context: ExtensionContext;
	readonly ollama: LanguageModel;
	readonly store: ModelStore;
	readonly hasEngine: boolean;
	readonly walkthrough: Walkthrough;
	readonly notices: Notices;
}

/** A server that has not answered by then is none to begin with. */
const patienceMs = 5000;

/**
 * Opens the walkthrough by itself where Co-Clone runs for the first time on a machine and finds no model. Nothing is asked before
 * the workspace is trusted, and nothing is opened where the editor's own setting keeps walkthroughs from opening.
 */
export function firstRun(parts: FirstRun): Disposable {
	const begin = () => void welcome(parts);
	if (workspace.isTrusted) begin();
	return workspace.onDidGrantWorkspaceTrust(begin);
}

async function welcome(parts: FirstRun): Promise<void> {
	const { context, walkthrough, notices } = parts;
	if (workspace.getConfiguration('workbench.welcomePage.walkthroughs').get('openOnInstall') === false) return;
	if (!(await isFirst(context.globalStorageUri.fsPath)) || (await hasModel(parts))) return;
	walkthrough.modelIs('missing');
	const isBehind = isSomethingOpen();
	if (!isBehind) notices.beQuietAboutAbsence();
	await walkthrough.open(isBehind);
}

/** Something that people work in, not the editor's own first page. */
function isSomethingOpen(): boolean {
	return window.tabGroups.activeTabGroup.activeTab?.input !== undefined;
}

/** True once on a machine, whichever window asks first. Windows on other machines have storage of their own there. */
async function isFirst(folder: string): Promise<boolean> {
	try {
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'welcomed'), '', { flag: 'wx' });
		return true;
	} catch {
		// Where nothing can be written, nobody could be welcomed only once.
		return false;
	}
}

/** Whether somebody has seen to a model already: chose one, installed one, or has one in Ollama. Loads none. */
async function hasModel({ ollama, store, hasEngine }: FirstRun): Promise<boolean> {
	if (readSettings().model !== 'auto') return true;
	if (hasEngine && (await store.installed()).length > 0) return true;
	return ollama.facts(AbortSignal.timeout(patienceMs)).then(
		() => true,
		() => false,
	);
}
