import { setTimeout as delay } from 'node:timers/promises';
import type { GenerateOptions, LanguageModel, ModelFacts } from '../../src/model/language-model.ts';
import { template } from '../server/simulated-model.ts';

/** How a model answers: so long until its first piece, then so many, each after a while. */
interface Pace {
	readonly firstMs: number;
	readonly everyMs: number;
	readonly pieces: number;
}

const atOnce: Pace = { firstMs: 0, everyMs: 0, pieces: 5 };

/** A model that takes its time and no processor. It computes any number of answers at once, as no real one does: only the gateway is measured. */
export class TimedModel implements LanguageModel {
	pace = atOnce;
	asked = 0;
	running = 0;
	/** Before anything is asked. */
	onFacts: (() => Promise<void>) | undefined;
	onAsked: ((count: number) => void) | undefined;
	/** After each piece that was taken. */
	onPiece: ((piece: number) => void) | undefined;
	onEnd: (() => void) | undefined;
	/** When an answer is not wanted any more. */
	onAborted: (() => void) | undefined;

	/** Nobody listens any more, and answers come at once. */
	reset(): void {
		this.pace = atOnce;
		this.onFacts = undefined;
		this.onAsked = undefined;
		this.onPiece = undefined;
		this.onEnd = undefined;
		this.onAborted = undefined;
	}

	async facts(): Promise<ModelFacts> {
		await this.onFacts?.();
		const speed = { prefillTokensPerSecond: 1000, stepMs: 10 };
		return { name: 'timed', template, contextLength: 4096, canConstrain: false, speed };
	}

	async *generate(_: GenerateOptions, signal: AbortSignal): AsyncGenerator<string> {
		const { firstMs, everyMs, pieces } = this.pace;
		const aborted = () => this.onAborted?.();
		signal.addEventListener('abort', aborted, { once: true });
		this.running++;
		this.asked++;
		this.onAsked?.(this.asked);
		try {
			for (let piece = 0; piece < pieces; piece++) {
				const ms = piece === 0 ? firstMs : everyMs;
				if (ms > 0) await delay(ms, undefined, { signal });
				yield `x${piece} `;
				this.onPiece?.(piece);
			}
			this.onEnd?.();
		} finally {
			signal.removeEventListener('abort', aborted);
			this.running--;
		}
	}
}
