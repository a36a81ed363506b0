import {
	type CancellationToken,
	ConfigurationTarget,
	ProgressLocation,
	type QuickPickItem,
	QuickPickItemKind,
	window,
	workspace,
} from 'vscode';
import { ModelError } from '../model/model-error.ts';
import { installedModels, knownModels, pullModel } from '../model/ollama-pull.ts';
import { cancelable } from '../std/cancelable.ts';
import { actionsFor, explain, showWithActions } from './advice.ts';
import { readSettings } from './settings.ts';

interface Choice extends QuickPickItem {
	/** As the setting has it; absent for headings. */
	readonly model?: string;
	readonly pull?: string;
}

/** Lets the user choose the model, pulling it first where it is not installed. Resolves to whether there is a new one. */
export async function selectModel(): Promise<boolean> {
	const { ollamaUrl, model: current } = readSettings();
	try {
		const installed = await installedModels(ollamaUrl, AbortSignal.timeout(10_000));
		const chosen = await window.showQuickPick(choices(installed, current), {
			title: 'Model for completions',
			placeHolder: 'Installed models, and models that can be pulled',
			matchOnDescription: true,
		});
		if (!chosen?.model) return false;
		if (chosen.pull && !(await pullWithProgress(ollamaUrl, chosen.pull))) return false;
		await writeModel(chosen.model);
		return true;
	} catch (error) {
		if (!(error instanceof ModelError)) throw error;
		await showWithActions(`Co-Clone: ${explain({ reason: error.code, detail: error.message })}`, actionsFor(error.code), true);
		return false;
	}
}

function choices(installed: readonly { name: string; canFill: boolean }[], current: string): Choice[] {
	const isInstalled = new Set(installed.map(({ name }) => name));
	const heading = (label: string): Choice => ({ label, kind: QuickPickItemKind.Separator });
	const mark = (model: string) => (model === current ? '$(check) ' : '');
	const usable = installed.filter(({ canFill }) => canFill);
	return [
		{ label: `${mark('auto')}Automatic`, description: 'a suitable installed model', model: 'auto' },
		heading('installed'),
		...usable.map(({ name }) => ({ label: `${mark(`ollama:${name}`)}${name}`, model: `ollama:${name}` })),
		heading('to pull'),
		...knownModels
			.filter(({ name }) => !isInstalled.has(name) && !isInstalled.has(`${name}:latest`))
			.map(({ name, size, about }) => ({
				label: `$(cloud-download) ${name}`,
				description: `${size}, ${about}`,
				model: `ollama:${name}`,
				pull: name,
			})),
	];
}

/** Resolves to whether the model is there now; cancelling is not an error. */
async function pullWithProgress(url: string, name: string): Promise<boolean> {
	return window.withProgress(
		{ location: ProgressLocation.Notification, title: `Pulling ${name}`, cancellable: true },
		async (progress, token: CancellationToken) => {
			const pull = cancelable(async (signal) => {
				let shown = 0;
				for await (const { status, fraction } of pullModel(url, name, signal)) {
					const percent = fraction === undefined ? 0 : Math.floor(fraction * 100);
					progress.report({ message: fraction === undefined ? status : `${percent} %`, increment: Math.max(0, percent - shown) });
					shown = Math.max(shown, percent);
				}
			});
			token.onCancellationRequested(() => pull.cancel());
			try {
				await pull;
				return true;
			} catch (error) {
				if (token.isCancellationRequested) return false;
				throw error;
			}
		},
	);
}

/** Where the user's choice takes effect: in the workspace if it has a model of its own. */
async function writeModel(model: string): Promise<void> {
	const settings = workspace.getConfiguration('co-clone');
	const isOfWorkspace = settings.inspect('model')?.workspaceValue !== undefined;
	await settings.update('model', model, isOfWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global);
}
