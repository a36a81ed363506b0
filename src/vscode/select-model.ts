import { type CancellationToken, ConfigurationTarget, env, ProgressLocation, Uri, window, workspace } from 'vscode';
import { DownloadError } from '../model/download-error.ts';
import { readGguf } from '../model/gguf.ts';
import { GgufError } from '../model/gguf-error.ts';
import { type KnownGguf, knownGgufs } from '../model/known-gguf.ts';
import { type Gpu, thisMachine } from '../model/machine.ts';
import { ModelError } from '../model/model-error.ts';
import type { ModelStore } from '../model/model-store.ts';
import { installedModels, pullModel } from '../model/ollama-pull.ts';
import { cancelable } from '../std/cancelable.ts';
import { actionsFor, explain, showWithActions } from './advice.ts';
import { type Choice, modelChoices, type Offer } from './model-choices.ts';
import { readSettings } from './settings.ts';

/** Where models for the embedded engine come from, and what is known of how fast they are. */
export interface ModelSources {
	readonly store: ModelStore;
	readonly hasEngine: boolean;
	/** Tokens a second, measured on this machine. */
	readonly measured: (name: string) => number | undefined;
	/** The graphics card that the embedded engine would use. */
	readonly gpu: () => Promise<Gpu | undefined>;
}

/** Lets the user choose the model, fetching it first where it is not here. Resolves to whether there is a new one. */
export async function selectModel(sources: ModelSources): Promise<boolean> {
	const { store } = sources;
	const chosen = await window.showQuickPick(modelChoices(await offer(sources)), {
		title: 'Model for Completions',
		placeHolder: 'What is here already, and what can be downloaded',
		matchOnDescription: true,
		matchOnDetail: true,
	});
	if (chosen?.page) await env.openExternal(Uri.parse(chosen.page));
	if (!chosen || chosen.page) return false;
	try {
		const model = await fetched(chosen, store);
		if (model === undefined) return false;
		await workspace.getConfiguration('co-clone').update('model', model, ConfigurationTarget.Global);
		return true;
	} catch (error) {
		await showFailure(error);
		return false;
	}
}

/** Downloads a model for the embedded engine. Resolves to whether it is here now; cancelling is not an error. */
function downloadWithProgress(store: ModelStore, model: KnownGguf): Promise<boolean> {
	return withProgress(`Downloading ${model.name} (${model.licence})`, async (report, signal) => {
		const onProgress = ({
			receivedBytes,
			totalBytes,
			bytesPerSecond,
		}: {
			receivedBytes: number;
			totalBytes: number;
			bytesPerSecond: number;
		}) => report(receivedBytes / totalBytes, `${megabytes(receivedBytes)} of ${megabytes(totalBytes)}, ${megabytes(bytesPerSecond)}/s`);
		await store.install(model, { fetch, onProgress }, signal);
	});
}

async function offer({ store, hasEngine, measured, gpu }: ModelSources): Promise<Offer> {
	const { ollamaUrl, model: current } = readSettings();
	const [ollama, here, card] = await Promise.all([
		installedModels(ollamaUrl, AbortSignal.timeout(5000)).catch(() => undefined),
		store.installed(),
		gpu(),
	]);
	const embedded = hasEngine ? knownGgufs : undefined;
	return { ollama, embedded, installed: new Set(here.map(({ name }) => name)), machine: thisMachine(card), measured, current };
}

/** The setting for a choice, once its model is here; undefined when the user changed their mind. */
async function fetched({ model, pull, download, isFile }: Choice, store: ModelStore): Promise<string | undefined> {
	if (isFile) return chosenFile();
	if (download && !(await downloadWithProgress(store, download))) return undefined;
	if (pull && !(await pullWithProgress(readSettings().ollamaUrl, pull))) return undefined;
	return model;
}

async function chosenFile(): Promise<string | undefined> {
	const [file] = (await window.showOpenDialog({ title: 'A model for the embedded engine', filters: { Models: ['gguf'] } })) ?? [];
	if (!file) return undefined;
	await readGguf(file.fsPath);
	return `embedded:${file.fsPath}`;
}

function pullWithProgress(url: string, name: string): Promise<boolean> {
	return withProgress(`Pulling ${name}`, async (report, signal) => {
		for await (const { status, fraction } of pullModel(url, name, signal)) {
			report(fraction ?? 0, fraction === undefined ? status : `${Math.floor(fraction * 100)} %`);
		}
	});
}

/** Runs something long that can be cancelled. Resolves to whether it came to its end. */
async function withProgress(
	title: string,
	work: (report: (fraction: number, message: string) => void, signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
	return window.withProgress(
		{ location: ProgressLocation.Notification, title, cancellable: true },
		async (progress, token: CancellationToken) => {
			let shown = 0;
			const report = (fraction: number, message: string) => {
				const percent = Math.floor(fraction * 100);
				progress.report({ message, increment: Math.max(0, percent - shown) });
				shown = Math.max(shown, percent);
			};
			const working = cancelable((signal) => work(report, signal));
			token.onCancellationRequested(() => working.cancel());
			try {
				await working;
				return true;
			} catch (error) {
				if (token.isCancellationRequested) return false;
				throw error;
			}
		},
	);
}

async function showFailure(error: unknown): Promise<void> {
	if (error instanceof ModelError) {
		await showWithActions(`Co-Clone: ${explain({ reason: error.code, detail: error.message })}`, actionsFor(error.code), true);
	} else if (error instanceof DownloadError || error instanceof GgufError) {
		await showWithActions(`Co-Clone: ${error.message}`, [], true);
	} else throw error;
}

function megabytes(bytes: number): string {
	return `${(bytes / 1e6).toFixed(0)} MB`;
}
