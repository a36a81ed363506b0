import { Disposable, workspace } from 'vscode';
import type { CompletionPolicy } from '../completion/gate.ts';
import type { Battery } from './battery.ts';
import { readSettings } from './settings.ts';
import type { Snooze } from './snooze.ts';

/** What keeps Co-Clone quiet for a while: a snooze, and an empty socket for users who want that. */
export class Pauses implements Disposable {
	readonly snooze: Snooze;
	readonly #battery: Battery;
	readonly #settings: Disposable;

	constructor(snooze: Snooze, battery: Battery) {
		this.snooze = snooze;
		this.#battery = battery;
		const watch = () => battery.watch(readSettings().pauseOnBattery);
		watch();
		this.#settings = workspace.onDidChangeConfiguration(watch);
	}

	/** What the user wants right now: what is set, and what pauses it. */
	readonly policy = (): CompletionPolicy => {
		const settings = readSettings();
		const onBattery = settings.pauseOnBattery && this.#battery.isDischarging ? ({ reason: 'on-battery' } as const) : undefined;
		return { ...settings, pause: this.snooze.reason ?? onBattery };
	};

	/** Called when a pause begins or ends, and every minute while it is known how long one still lasts. */
	onChange(listener: () => void): void {
		this.snooze.onChange(listener);
		this.#battery.onChange(listener);
	}

	dispose(): void {
		Disposable.from(this.#settings, this.snooze, this.#battery).dispose();
	}
}
