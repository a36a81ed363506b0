import type { SignatureChange } from '../signature/diff.ts';
import type { DiskFiles } from './disk-files.ts';
import type { OpenText } from './open-text.ts';

/** A change that somebody typed, by the name that it has outside of the thread. */
interface TypedChange {
	readonly id: string;
	readonly change: SignatureChange;
	readonly isDone: boolean;
}

/** The texts that are open, and those that were closed with something still to be done for what was typed in them. */
export class OpenTexts {
	readonly #texts = new Map<string, OpenText>();
	readonly #closed = new Set<string>();
	readonly #files: DiskFiles;

	constructor(files: DiskFiles) {
		this.#files = files;
	}

	get all(): readonly OpenText[] {
		return [...this.#texts.values()];
	}

	get changes(): readonly TypedChange[] {
		return this.all.flatMap(({ path, changes }) => changes.map(({ id, change, isDone }) => ({ id: `${path}#${id}`, change, isDone })));
	}

	get(path: string): OpenText | undefined {
		return this.#texts.get(path);
	}

	/** Whether it is known as it is. */
	reopen(path: string, languageId: string, text: string): boolean {
		const known = this.#texts.get(path);
		this.#closed.delete(path);
		return known?.languageId === languageId && known.text === text;
	}

	add(open: OpenText): void {
		this.#texts.set(open.path, open);
	}

	close(path: string): void {
		const isPending = this.#texts.get(path)?.changes.some(({ isDone }) => !isDone) ?? false;
		if (isPending) this.#closed.add(path);
		else this.#texts.delete(path);
		this.checkClosed();
	}

	/** A closed text is as good as its file: one that was not saved, or was written by others, is none. */
	checkClosed(): void {
		for (const path of this.#closed) {
			if (this.#files.file(path)?.text === this.#texts.get(path)?.text) continue;
			this.#closed.delete(path);
			this.#texts.delete(path);
		}
	}

	find(change: string): TypedChange | undefined {
		return this.changes.find(({ id }) => id === change);
	}

	forget(change: string): void {
		const { open, id } = this.#partsOf(change);
		open?.tracker.forget(id);
		if (open) open.changes = open.changes.filter((one) => one.id !== id);
	}

	mark(change: string, isDone: boolean): void {
		const { open, id } = this.#partsOf(change);
		open?.tracker.markDone(id, isDone);
		if (open) open.changes = open.changes.map((tracked) => (tracked.id === id ? { ...tracked, isDone } : tracked));
	}

	#partsOf(change: string): { readonly open: OpenText | undefined; readonly id: number } {
		const at = change.lastIndexOf('#');
		return { open: this.#texts.get(change.slice(0, at)), id: Number(change.slice(at + 1)) };
	}
}
