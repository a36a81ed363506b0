import type { Disposable } from 'vscode';
import type { Nothing } from '../completion/completion.ts';

const minuteMs = 60_000;

/**
 * No completions for a while, because the user wants it quiet. Ends by itself, and with the window: it is written down nowhere.
 */
export class Snooze implements Disposable {
	readonly #now: () => number;
	readonly #listeners: (() => void)[] = [];
	/** As the clock says: a machine that sleeps meanwhile does not prolong it. */
	#until = 0;
	#tick: NodeJS.Timeout | undefined;

	constructor(now: () => number = () => Date.now()) {
		this.#now = now;
	}

	/** Whole minutes, the one that has begun included; 0 when it is over. */
	get minutesLeft(): number {
		return Math.max(0, Math.ceil((this.#until - this.#now()) / minuteMs));
	}

	/** Why nothing is shown, while it lasts. */
	get reason(): Nothing | undefined {
		const left = this.minutesLeft;
		return left === 0 ? undefined : { reason: 'snoozed', detail: `For ${minutes(left)} more.` };
	}

	/** From now on, however long it would have lasted. */
	start(forMinutes: number): void {
		this.#until = this.#now() + forMinutes * minuteMs;
		this.#tell();
	}

	end(): void {
		this.#until = 0;
		this.#tell();
	}

	/** Called when it begins, every minute while it lasts, and when it ends. */
	onChange(listener: () => void): void {
		this.#listeners.push(listener);
	}

	dispose(): void {
		clearTimeout(this.#tick);
	}

	#tell(): void {
		clearTimeout(this.#tick);
		const leftMs = this.#until - this.#now();
		// On whole minutes, and a little later, so that they are over.
		if (leftMs > 0) this.#tick = setTimeout(() => this.#tell(), (leftMs % minuteMs || minuteMs) + 50).unref();
		for (const listener of this.#listeners) listener();
	}
}

/** As people say it. */
export function minutes(count: number): string {
	if (count % 60 === 0) return count === 60 ? '1 hour' : `${count / 60} hours`;
	return count === 1 ? '1 minute' : `${count} minutes`;
}
