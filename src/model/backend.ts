import type { OllamaSettings } from './ollama.ts';
import { parseModel } from './ollama-address.ts';

/** Where completions come from, as the setting `co-clone.model` and the option `--model` say it. */
export type Backend =
	/** Ollama if it answers and has a model that can fill holes, else the embedded engine. */
	| { readonly kind: 'auto' }
	/** Whatever answers at an address: a gateway, or an Ollama. What is on this machine stands in for it. */
	| { readonly kind: 'server'; readonly url: string }
	/** Without a url, where Ollama is expected; without a model, a suitable installed one. */
	| { readonly kind: 'ollama'; readonly url?: string; readonly model?: string | undefined }
	/** A model by its name in the store, or by the path of its file. */
	| { readonly kind: 'embedded'; readonly model: string };

/** Reads `auto`, `ollama:NAME`, `embedded:NAME|PATH`, `http://…`, `http://…/NAME`; anything else is the name of a model in Ollama. */
export function parseBackend(text: string | undefined): Backend {
	const spec = text?.trim() ?? '';
	if (spec === '' || spec === 'auto') return { kind: 'auto' };
	if (spec.startsWith('embedded:')) return { kind: 'embedded', model: spec.slice('embedded:'.length) };
	const isUrl = /^https?:\/\//i.test(spec);
	const { url, model } = parseModel(spec, undefined);
	if (isUrl && model === undefined) return { kind: 'server', url };
	return isUrl ? { kind: 'ollama', url, model } : { kind: 'ollama', model };
}

/** Which of Ollama's models to ask, and where, when it is asked. `url` is where it is expected. */
export function ollamaSettings(backend: Backend, url: string): OllamaSettings {
	return backend.kind === 'ollama' ? { url: backend.url ?? url, model: backend.model } : { url, model: undefined };
}

/** The address of a server that nobody has said is Ollama: it may be a gateway. */
export function unknownServer(backend: Backend): string | undefined {
	return backend.kind === 'server' ? backend.url : undefined;
}
