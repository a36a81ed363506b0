import { ProgressLocation, window } from 'vscode';

/** Progress in the status bar of what may be over before anybody wonders; it shows when that takes longer. */
export class LateProgress {
	readonly #title: string;
	readonly #afterMs: number;
	#startedAt: number | undefined;
	#end: (() => void) | undefined;
	#show: ((message: string) => void) | undefined;

	constructor(title: string, afterMs: number) {
		this.#title = title;
		this.#afterMs = afterMs;
	}

	report(message: string): void {
		this.#startedAt ??= performance.now();
		if (performance.now() - this.#startedAt < this.#afterMs) return;
		if (!this.#end) this.#begin();
		this.#show?.(message);
	}

	end(): void {
		this.#end?.();
		this.#end = undefined;
		this.#show = undefined;
		this.#startedAt = undefined;
	}

	#begin(): void {
		const ended = new Promise<void>((resolve) => {
			this.#end = resolve;
		});
		void window.withProgress({ location: ProgressLocation.Window, title: this.#title }, (progress) => {
			this.#show = (message) => progress.report({ message });
			return ended;
		});
	}
}
