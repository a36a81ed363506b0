import { InlineCompletionItem, languages, Range, type TextDocument } from 'vscode';
import { enough, ollama } from '../server/server.ts';
import { firstLinesOf, lastLinesOf, remainder } from './lines.ts';
import type { Policy, PolicyWorld } from './policy.ts';

/** `core/util/parameters.ts`, DEFAULT_AUTOCOMPLETE_OPTS, of continuedev/continue at d0a3c0b (2026-06-18, VS Code 1.3.40). */
const debounceMs = 350;
const maxPromptTokens = 1024;
const prefixShare = 0.3;
const suffixShare = 0.2;
/** `lineStream.ts`, showWhateverWeHaveAtXMs(modelTimeout): after the first line with text in it, no further one once this has passed. */
const modelTimeoutMs = 150;
/** `CompletionStreamer.ts`, stopAfterMaxProcessingTime(modelTimeout * 2.5), looked at every ten pieces. */
const mostMs = 375;
const lookEvery = 10;
const maxTokens = 4096;

/**
 * Continue. The generator outlives the editor's question: a later one joins it when what has come so far begins with what was typed, else it
 * is aborted when the next begins (`GeneratorReuseManager.ts`). Better than the original: its cache, whose keys for reading and writing
 * differ there, works; no snippets, which there are shuffled before every request.
 */
export const continueDev: Policy = {
	name: 'Continue',
	server: ollama,
	start(world) {
		const generators = new GeneratorReuse(world);
		const cache: { readonly asked: string; readonly said: string }[] = [];
		let latest = 0;
		return languages.registerInlineCompletionItemProvider('*', {
			async provideInlineCompletionItems(document, position, _context, token) {
				const own = ++latest;
				await new Promise((resolve) => setTimeout(resolve, debounceMs));
				if (own !== latest) return undefined;
				const { prefix, suffix } = prunedAround(document, document.offsetAt(position), world);
				const cached = cache.map(({ asked, said }) => remainder(asked, said, prefix)).findLast((left) => left !== undefined);
				const text = cached ?? (await generators.complete(prefix, suffix, () => token.isCancellationRequested));
				if (token.isCancellationRequested || !text || text.trim() === '') return undefined;
				if (cached === undefined) cache.push({ asked: prefix, said: text });
				return [new InlineCompletionItem(text, new Range(position, position))];
			},
		});
	},
};

function prunedAround(document: TextDocument, offset: number, { tokenizer }: PolicyWorld) {
	const text = document.getText();
	const prefix = lastLinesOf(text.slice(0, offset), prefixShare * maxPromptTokens, tokenizer);
	return { prefix, suffix: firstLinesOf(text.slice(offset), suffixShare * maxPromptTokens, tokenizer) || '\n' };
}

/** `GeneratorReuseManager.ts` and `ListenableGenerator.ts`. */
class GeneratorReuse {
	readonly #world: PolicyWorld;
	#prefix = '';
	#said = '';
	#isOver = true;
	#controller = new AbortController();
	#wake: (() => void)[] = [];

	constructor(world: PolicyWorld) {
		this.#world = world;
	}

	async complete(prefix: string, suffix: string, isTakenBack: () => boolean): Promise<string> {
		const { clock } = this.#world;
		const startedAt = clock.now();
		if (!this.#mayAnswer(prefix)) void this.#generate(prefix, suffix);
		const typed = prefix.length - this.#prefix.length;
		let looks = 0;
		for (;;) {
			const text = this.#said.slice(typed);
			const lines = text.trimStart().split('\n');
			const elapsed = clock.now() - startedAt;
			const first = text.slice(0, text.length - text.trimStart().length) + (lines[0] ?? '');
			if (isTakenBack()) return '';
			if (lines.length > 1 && elapsed > modelTimeoutMs) return this.#stop(first);
			if (++looks % lookEvery === 0 && elapsed > mostMs) return this.#stop(text);
			if (this.#isOver || /\n[ \t]*\n/.test(text.trimStart())) return this.#stop(text.split(/\n[ \t]*\n/)[0] ?? '');
			await new Promise<void>((resolve) => this.#wake.push(resolve));
		}
	}

	#mayAnswer(prefix: string): boolean {
		return (this.#prefix + this.#said).startsWith(prefix) && this.#prefix.length <= prefix.length && prefix !== '' && this.#said !== '';
	}

	#stop(text: string): string {
		this.#controller.abort(enough);
		return text;
	}

	async #generate(prefix: string, suffix: string): Promise<void> {
		this.#controller.abort();
		const controller = new AbortController();
		this.#controller = controller;
		this.#prefix = prefix;
		this.#said = '';
		this.#isOver = false;
		const { model, template } = this.#world;
		const { prompt } = template.render(prefix, suffix, '');
		try {
			for await (const piece of model.generate({ prompt, maxTokens, stop: template.stop }, controller.signal)) {
				if (this.#controller !== controller) return;
				this.#said += piece;
				this.#tell();
			}
		} catch {
			// Aborted.
		}
		if (this.#controller !== controller) return;
		this.#isOver = true;
		this.#tell();
	}

	#tell(): void {
		for (const wake of this.#wake.splice(0)) wake();
	}
}
