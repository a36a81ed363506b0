import type { ReferencePlace } from './wire.ts';

/** In milliseconds: when a language server that knew nothing is asked again. One that is just starting says that nobody calls anything. */
const askAgainMs = [1500, 4000, 10_000];

/** What language servers said of changed functions. */
export class ReferenceAnswers {
	readonly #answers = new Map<string, readonly ReferencePlace[]>();
	readonly #asked = new Map<string, number>();

	take(change: string, places: readonly ReferencePlace[]): void {
		this.#answers.set(change, places);
	}

	of(change: string): readonly ReferencePlace[] {
		return this.#answers.get(change) ?? [];
	}

	/** After how long to ask again, where the answer was that there are none and the text says otherwise. */
	nextAsk(change: string): number | undefined {
		if (this.#answers.get(change)?.length !== 0) return undefined;
		const times = this.#asked.get(change) ?? 0;
		this.#asked.set(change, times + 1);
		return askAgainMs[times];
	}
}
