import type { CompletionRequest } from './completion.ts';
import { placeOf } from './memory.ts';

const mostRemembered = 100;

/** Texts that were shown long enough to be read, and then typed over or dismissed. They are not shown again at that place. */
export class Rejections {
	readonly #rejected = new Set<string>();

	add(request: CompletionRequest, text: string): void {
		this.#rejected.add(keyOf(request, text));
		const [oldest] = this.#rejected;
		if (this.#rejected.size > mostRemembered && oldest !== undefined) this.#rejected.delete(oldest);
	}

	has(request: CompletionRequest, text: string): boolean {
		return this.#rejected.size > 0 && this.#rejected.has(keyOf(request, text));
	}

	clear(): void {
		this.#rejected.clear();
	}
}

function keyOf(request: CompletionRequest, text: string): string {
	const { before, below } = placeOf(request);
	return JSON.stringify([request.path, before, below, text]);
}
