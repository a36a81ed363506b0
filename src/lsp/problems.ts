import type { Outcome } from '../completion/completion.ts';
import { type Reason, reasons } from '../completion/reason.ts';
import { ModelError } from '../model/model-error.ts';

/** Tells of each problem of the model once, until the model answers again. */
export class Problems {
	readonly #tell: (message: string) => void;
	readonly #adviceFor: (reason: Reason) => string | undefined;
	readonly #told = new Set<string>();

	constructor(tell: (message: string) => void, adviceFor: (reason: Reason) => string | undefined) {
		this.#tell = tell;
		this.#adviceFor = adviceFor;
	}

	note({ completion, nothing }: Outcome): void {
		if (completion || nothing?.reason === 'model-silent') this.#told.clear();
		const { error, reason } = nothing ?? {};
		if (!error || !reason || this.#told.has(reason)) return;
		this.#told.add(reason);
		const detail = error instanceof ModelError ? error.message : error.stack;
		this.#tell([reasons[reason], detail, this.#adviceFor(reason)].filter(Boolean).join(' '));
	}
}
