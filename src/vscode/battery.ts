import type { Disposable } from 'vscode';

/**
 * Knows whether the machine that Co-Clone runs on draws from its battery. Looks seldom, and only while somebody wants to know: whoever
 * asks gets what was seen last.
 */
export class Battery implements Disposable {
	readonly #look: () => Promise<boolean>;
	readonly #everyMs: number;
	readonly #listeners: (() => void)[] = [];
	#isWatching = false;
	#isDischarging = false;
	#next: NodeJS.Timeout | undefined;

	constructor(look: () => Promise<boolean>, everyMs: number) {
		this.#look = look;
		this.#everyMs = everyMs;
	}

	/** Not where there is no battery, nor while nobody watches. */
	get isDischarging(): boolean {
		return this.#isDischarging;
	}

	/** Begins or ends to look. */
	watch(isWanted: boolean): void {
		if (isWanted === this.#isWatching) return;
		this.#isWatching = isWanted;
		if (isWanted) void this.#watch();
		else this.#stop();
	}

	onChange(listener: () => void): void {
		this.#listeners.push(listener);
	}

	dispose(): void {
		this.watch(false);
	}

	async #watch(): Promise<void> {
		const isDischarging = await this.#look();
		if (!this.#isWatching) return;
		this.#set(isDischarging);
		clearTimeout(this.#next);
		this.#next = setTimeout(() => void this.#watch(), this.#everyMs).unref();
	}

	#stop(): void {
		clearTimeout(this.#next);
		this.#set(false);
	}

	#set(isDischarging: boolean): void {
		if (isDischarging === this.#isDischarging) return;
		this.#isDischarging = isDischarging;
		for (const listener of this.#listeners) listener();
	}
}
