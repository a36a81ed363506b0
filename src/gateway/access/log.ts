import type { LanguageModel } from '../../model/language-model.ts';
import type { Exchange } from './traffic.ts';

/** From nothing to everything: each level has what those before it have. */
export const logLevels = ['off', 'error', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof logLevels)[number];

type Fields = Readonly<Record<string, unknown>>;

/**
 * One line of JSON for each thing that happened: sizes, times and names of ours. Never a token, and never code, nor what may quote it,
 * unless somebody asked for that by name (`trace`).
 */
export class Log {
	readonly #rank: number;
	readonly #write: (line: string, level: LogLevel) => void;
	readonly #now: () => Date;

	constructor(level: LogLevel, write: (line: string, level: LogLevel) => void, now = () => new Date()) {
		this.#rank = logLevels.indexOf(level);
		this.#write = write;
		this.#now = now;
	}

	/** What nobody expected. Its message may quote what it could not read. */
	fault(error: unknown): void {
		const { name, stack } = error instanceof Error ? error : { name: typeof error, stack: undefined };
		const frames = stack?.split('\n').filter((line) => /^\s+at /.test(line));
		this.#line('error', 'fault', {
			name,
			at: frames?.map((frame) => frame.trim()),
			message: this.#has('trace') ? String(error) : undefined,
		});
	}

	/** Refusals and failures; with `info` all that was asked, with `debug` also the part until the answer began. */
	exchange({ firstMs, totalMs, isLook, ...exchange }: Exchange): void {
		const level = exchange.status >= 500 && exchange.status !== 503 ? 'error' : isLook ? 'debug' : 'info';
		const times = { ms: Math.round(totalMs), ...(this.#has('debug') ? { firstMs: Math.round(firstMs) } : {}) };
		this.#line(level, 'request', { ...exchange, ...times });
	}

	/** What somebody has to mend, in a sentence without anything secret. */
	complaint(event: string, why: string): void {
		this.#line('error', event, { why });
	}

	/** Something that happened to the gateway itself. */
	event(event: string, fields: Fields): void {
		this.#line('info', event, fields);
	}

	/** With `trace` what the model is asked and what it answers is written down, too: code, without what was hidden from the model. */
	traced(model: LanguageModel): LanguageModel {
		if (!this.#has('trace')) return model;
		const line = (event: string, fields: Fields) => this.#line('trace', event, fields);
		return {
			facts: (signal) => model.facts(signal),
			async *generate(options, signal) {
				line('asked', { prompt: options.prompt });
				let text = '';
				try {
					for await (const piece of model.generate(options, signal)) {
						text += piece;
						yield piece;
					}
				} finally {
					line('answered', { text });
				}
			},
		};
	}

	#has(level: LogLevel): boolean {
		return logLevels.indexOf(level) <= this.#rank;
	}

	#line(level: LogLevel, event: string, fields: Fields): void {
		if (this.#has(level)) this.#write(`${JSON.stringify({ time: this.#now().toISOString(), level, event, ...fields })}\n`, level);
	}
}
