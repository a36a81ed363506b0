import { fimTemplate } from './fim.ts';
import { ModelError } from './model-error.ts';
import { ask, exchange } from './ollama-client.ts';
import { showModel } from './ollama-models.ts';

/** Without any progress for this long, a download is not coming. */
const stallMs = 60_000;
const answerMs = 10_000;

/** A model that could be pulled. Sizes are what the download takes. */
export interface KnownModel {
	readonly name: string;
	readonly size: string;
	/** As people know it; with what it forbids, if that is commercial use. */
	readonly licence: string;
	readonly about: string;
}

/** Base models that fill holes well, from small to large (https://ollama.com/library). */
export const knownModels: readonly KnownModel[] = [
	{ name: 'qwen2.5-coder:0.5b-base', size: '0.4 GB', licence: 'Apache-2.0', about: 'for two CPU cores' },
	{ name: 'deepseek-coder:1.3b-base', size: '0.8 GB', licence: 'DeepSeek licence', about: 'for a laptop without a GPU' },
	{ name: 'qwen2.5-coder:1.5b-base', size: '1.0 GB', licence: 'Apache-2.0', about: 'for a laptop' },
	{ name: 'codegemma:2b', size: '1.6 GB', licence: 'Gemma terms of use', about: 'for a laptop' },
	{ name: 'starcoder2:3b', size: '1.7 GB', licence: 'BigCode OpenRAIL-M', about: 'for a small GPU' },
	{ name: 'qwen2.5-coder:3b-base', size: '1.9 GB', licence: 'Qwen Research licence (not for commercial use)', about: 'for a small GPU' },
	{ name: 'deepseek-coder:6.7b-base', size: '3.8 GB', licence: 'DeepSeek licence', about: 'for a GPU with 8 GB' },
	{ name: 'qwen2.5-coder:7b-base', size: '4.7 GB', licence: 'Apache-2.0', about: 'for a GPU with 8 GB' },
	{ name: 'codestral', size: '13 GB', licence: 'Mistral Non-Production licence (not for commercial use)', about: 'for a GPU with 16 GB' },
];

export interface InstalledOllamaModel {
	readonly name: string;
	/** Of its files, where the server says so. */
	readonly bytes: number | undefined;
	readonly canFill: boolean;
}

/** Installed models, and whether each can fill holes. */
export async function installedModels(url: string, signal: AbortSignal): Promise<InstalledOllamaModel[]> {
	return ask({ url }, answerMs, signal, async (client) => {
		const { models } = await client.list();
		return Promise.all(
			models.map(async ({ name, size }) => {
				// The name alone tells for the families we know; the server has to be asked only for the others.
				const canFill = fimTemplate({ name, canInsert: false }) ?? (await showModel(client, name)).template;
				return { name, bytes: typeof size === 'number' ? size : undefined, canFill: canFill !== undefined };
			}),
		);
	});
}

export interface PullProgress {
	readonly status: string;
	/** Of the part that is being downloaded, from 0 to 1; absent for other steps. */
	readonly fraction: number | undefined;
}

/** Downloads a model into the server. Aborting the signal ends it; what has come so far is kept and not downloaded again. */
export async function* pullModel(url: string, name: string, signal: AbortSignal): AsyncGenerator<PullProgress> {
	let status = '';
	for await (const progress of exchange({ url }, { firstMs: stallMs, stallMs }, signal, async function* (client, alive) {
		for await (const part of await client.pull({ model: name, stream: true })) {
			alive();
			yield part;
		}
	})) {
		status = progress.status;
		yield { status, fraction: progress.total ? (progress.completed ?? 0) / progress.total : undefined };
	}
	if (status !== 'success') throw new ModelError('bad-response', `${url} ended the download of ${name} without saying that it succeeded.`);
}
