import { ProgressLocation, window } from 'vscode';

interface Place {
	readonly location: ProgressLocation;
	/** Where somebody may stop it. */
	readonly stop?: () => void;
}

/** Progress of what may be over before anybody wonders, in the status bar unless another place is named; it shows when that takes longer. */
export class LateProgress {
	readonly #title: string;
	readonly #afterMs: number;
	readonly #place: Place;
	#message = '';
	#timer: NodeJS.Timeout | undefined;
	#end: (() => void) | undefined;
	#show: (() => void) | undefined;

	constructor(title: string, afterMs: number, place: Place = { location: ProgressLocation.Window }) {
		this.#title = title;
		this.#afterMs = afterMs;
		this.#place = place;
	}

	/** The first time it begins. */
	report(message: string): void {
		this.#message = message;
		this.#timer ??= setTimeout(() => this.#begin(), this.#afterMs);
		this.#show?.();
	}

	end(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#end?.();
		this.#end = undefined;
		this.#show = undefined;
	}

	#begin(): void {
		const ended = new Promise<void>((resolve) => {
			this.#end = resolve;
		});
		const { location, stop } = this.#place;
		void window.withProgress({ location, title: this.#title, cancellable: stop !== undefined }, (progress, token) => {
			token.onCancellationRequested(() => stop?.());
			this.#show = () => progress.report({ message: this.#message });
			this.#show();
			return ended;
		});
	}
}
