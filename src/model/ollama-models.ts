import type { Ollama } from 'ollama/browser';
import { type FimTemplate, fimTemplate } from './fim.ts';
import { ModelError } from './model-error.ts';

/** What a server's `/api/show` says of a model, as far as completions are concerned. */
export interface InstalledModel {
	readonly name: string;
	/** Absent when the model cannot fill holes. */
	readonly template: FimTemplate | undefined;
	/** Tokens the weights were trained for; the server may have loaded fewer. */
	readonly trainedContext: number | undefined;
}

/** A model in the server's memory; `contextLength` is what it was loaded with (`num_ctx`), where the server says so. */
export interface LoadedModel {
	readonly name: string;
	readonly contextLength: number | undefined;
	/** By the server's clock, in milliseconds since 1970; NaN where the server doesn't say. */
	readonly expiresAt: number;
}

export async function showModel(client: Ollama, name: string): Promise<InstalledModel> {
	const shown = await client.show({ model: name });
	// The package's types say Map; the wire says object.
	const facts = new Map<string, unknown>(Object.entries(shown.model_info ?? {}));
	const basename = facts.get('general.basename');
	const trainedContext = facts.get(`${facts.get('general.architecture')}.context_length`);
	const template = fimTemplate({
		name,
		basename: typeof basename === 'string' ? basename : undefined,
		canInsert: Array.isArray(shown.capabilities) && shown.capabilities.includes('insert'),
	});
	return { name, template, trainedContext: typeof trainedContext === 'number' ? trainedContext : undefined };
}

/** Names of the installed models, as the server lists them (most recently changed first). */
async function listModels(client: Ollama): Promise<string[]> {
	return (await client.list()).models.map((model) => model.name);
}

export async function loadedModels(client: Ollama): Promise<LoadedModel[]> {
	const { models } = await client.ps();
	return models.map((model) => {
		const contextLength = 'context_length' in model ? model.context_length : undefined;
		return {
			name: model.name,
			contextLength: typeof contextLength === 'number' && contextLength > 0 ? contextLength : undefined,
			expiresAt: Date.parse(String(model.expires_at)),
		};
	});
}

/**
 * Tells the server to unload a model as soon as nobody uses it.
 *
 * @returns whether a model in memory is still the one that was told to go, and not one that was loaded since: by the server's own clock,
 * which need not be ours
 */
export async function expire(client: Ollama, name: string): Promise<(model: LoadedModel) => boolean> {
	// The answer may be late. Another window may tell it as well meanwhile: then that is when it goes.
	const askedAt = performance.now();
	const { created_at } = await client.generate({ model: name, prompt: '', keep_alive: 0 });
	const toldAt = Date.parse(String(created_at));
	return ({ expiresAt }) => expiresAt <= toldAt + performance.now() - askedAt;
}

/**
 * The model for the setting `auto`: one that is in memory already if it can fill holes, else the first installed one that can,
 * preferring families whose holes we fill best.
 */
export async function chooseModel(client: Ollama): Promise<InstalledModel> {
	const names = [...(await loadedModels(client)).map((model) => model.name), ...(await listModels(client)).sort(byFamily)];
	for (const name of new Set(names)) {
		const model = await showModel(client, name);
		if (model.template) return model;
	}
	if (names.length === 0) throw new ModelError('model-missing', 'Ollama has no model installed.');
	throw new ModelError('no-infill', `None of the installed models (${[...new Set(names)].join(', ')}) can fill a hole in code.`);
}

const preferred = ['deepseek-coder', 'qwen2.5-coder', 'qwen3-coder', 'codestral', 'starcoder', 'codegemma'];

function byFamily(a: string, b: string): number {
	const rank = (name: string) => {
		const index = preferred.findIndex((family) => name.includes(family));
		return index < 0 ? preferred.length : index;
	};
	return rank(a) - rank(b);
}

/** Names are equal up to the tag `latest`, which may be left out. */
export function isSameModel(a: string, b: string): boolean {
	return withTag(a) === withTag(b);
}

function withTag(name: string): string {
	return name.slice(name.lastIndexOf('/') + 1).includes(':') ? name : `${name}:latest`;
}
