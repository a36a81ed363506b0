import type { Page } from 'playwright-core';
import { type Edit, isKey } from '../../bench/traces/trace.ts';

/** What showed in one frame. */
export interface Seen {
	/** Around the cursor, as far as it matters to somebody who judges a suggestion. */
	readonly before: string;
	readonly after: string;
	readonly ghost: string;
	/** How many characters after the cursor it hides. */
	readonly replaces: number;
	/** Whether it was painted where the cursor is. */
	readonly isAtCursor: boolean;
}

/** The editor component, as far as it is used here. */
interface View {
	readonly state: {
		readonly doc: { readonly length: number; toString(): string; sliceString(from: number, to: number): string };
		readonly selection: { readonly main: { readonly head: number } };
	};
	dispatch(what: object): void;
}

/** What the browser has besides the page, while somebody types. */
interface Watching {
	seen: Seen[];
	look: () => void;
	viewOf: () => View | undefined;
}

/** Types in the editor of the playground as somebody did elsewhere, and sees every frame that is painted meanwhile. */
export class Typing {
	readonly #page: Page;
	readonly #texts = new Map<string, string>();
	#shown = '';
	#cursor = -1;

	private constructor(page: Page) {
		this.#page = page;
	}

	static async in(page: Page): Promise<Typing> {
		await page.evaluate(watch);
		return new Typing(page);
	}

	/** The file that is looked at. */
	get path(): string {
		return this.#shown;
	}

	get cursor(): number {
		return Math.max(0, this.#cursor);
	}

	textOf(path: string): string {
		return this.#texts.get(path) ?? '';
	}

	/** A file that is there from now on, or is another one by now. */
	async open(path: string, text: string): Promise<void> {
		const isNew = !this.#texts.has(path);
		this.#texts.set(path, text);
		if (isNew) await upload(this.#page, nameOf(path), text);
		else if (path === this.#shown) await this.#put(0);
	}

	async show(path: string): Promise<void> {
		if (path === this.#shown) return;
		this.#shown = path;
		await this.#page.getByRole('tab', { name: nameOf(path), exact: true }).click();
		await this.#page.locator('.cm-content').focus();
		await this.#put(0);
	}

	async move(cursor: number): Promise<void> {
		if (cursor !== this.#cursor) await this.#put(cursor);
	}

	/** A real key where it is one that types what it says, else as the recorded editor did it. */
	async edit(edit: Edit): Promise<void> {
		const { path, changes, cursor } = edit;
		const before = this.textOf(path);
		this.#texts.set(path, edited(before, edit));
		if (path !== this.#shown) return;
		const [change] = changes;
		if (!change || !isKey(edit) || !/^[\w .,;:=+\-*/]?$/.test(change.text)) return this.#put(cursor, changes);
		const from = change.offset + change.removed;
		if (from !== this.#cursor) await this.#put(from, [], before);
		await this.#page.keyboard.press(change.text === '' ? 'Backspace' : change.text === ' ' ? 'Space' : change.text);
		await this.#put(cursor);
	}

	/** What showed since this was asked last; a frame that is like the one before it is left out. */
	seen(): Promise<Seen[]> {
		return this.#page.evaluate(() => (window as unknown as Watching).seen.splice(0));
	}

	/** Whether anything does, once it is painted. */
	shows(): Promise<boolean> {
		return this.#page.evaluate(
			() => new Promise((resolve) => requestAnimationFrame(() => resolve(document.querySelector('.ghost') !== null))),
		);
	}

	/** Has the editor be as it was recorded: by these changes if they are given, or as it is already but for the cursor. */
	async #put(cursor: number, changes: Edit['changes'] = [], text = this.textOf(this.#shown)): Promise<void> {
		this.#cursor = cursor;
		await this.#page.evaluate(put, { text, cursor, changes: [...changes] });
	}
}

function nameOf(path: string): string {
	return path.replace(/^\//, '');
}

function edited(text: string, { changes }: Edit): string {
	return changes.reduceRight((sofar, { offset, removed, text: own }) => sofar.slice(0, offset) + own + sofar.slice(offset + removed), text);
}

/** Runs in the browser; so do the next two. No named functions in there: the bundler would have them call one that the page does not have. */
function watch(): void {
	const watching = window as unknown as Watching;
	watching.seen = [];
	watching.viewOf = () => {
		const content = document.querySelector('.cm-content') as unknown as { readonly cmTile?: { readonly root: { readonly view: View } } };
		return content.cmTile?.root.view;
	};
	watching.look = () => {
		requestAnimationFrame(watching.look);
		const ghost = document.querySelector('.ghost');
		const line = ghost?.closest('.cm-line');
		const view = watching.viewOf();
		if (!ghost || !line || !view) return;
		const { doc, selection } = view.state;
		const { head } = selection.main;
		const before = doc.sliceString(Math.max(0, head - 4000), head);
		const after = doc.sliceString(head, Math.min(doc.length, head + 2000));
		const painted = document.createRange();
		painted.selectNodeContents(line);
		painted.setEndBefore(ghost);
		const left = painted.toString();
		painted.selectNodeContents(line);
		painted.setStartAfter(ghost);
		const replaces = (after.split('\n')[0] ?? '').length - painted.toString().length;
		const isAtCursor = before.slice(before.lastIndexOf('\n') + 1) === left;
		const seen = { before, after, ghost: ghost.textContent ?? '', replaces, isAtCursor };
		const last = watching.seen.at(-1);
		if (last?.before !== before || last.ghost !== seen.ghost || last.isAtCursor !== isAtCursor) watching.seen.push(seen);
	};
	requestAnimationFrame(watching.look);
}

function put({ text, cursor, changes }: { text: string; cursor: number; changes: Edit['changes'] }): void {
	const view = (window as unknown as Watching).viewOf();
	if (!view) return;
	if (changes.length > 0) {
		const own = changes.map(({ offset, removed, text: insert }) => ({ from: offset, to: offset + removed, insert }));
		view.dispatch({ changes: own, selection: { anchor: cursor }, userEvent: 'input.type', scrollIntoView: true });
	}
	const { doc, selection } = view.state;
	if (doc.toString() !== text) view.dispatch({ changes: { from: 0, to: doc.length, insert: text }, selection: { anchor: cursor } });
	else if (selection.main.head !== cursor) view.dispatch({ selection: { anchor: cursor }, scrollIntoView: true });
}

async function upload(page: Page, name: string, text: string): Promise<void> {
	await page.evaluate(
		([file, content]) => {
			const files = new DataTransfer();
			files.items.add(new File([content ?? ''], file ?? ''));
			const input = document.querySelector('#upload-input');
			if (!(input instanceof HTMLInputElement)) return;
			input.files = files.files;
			Object.defineProperty(input.files[0], 'webkitRelativePath', { value: file });
			input.dispatchEvent(new Event('change'));
		},
		[name, text],
	);
	await page.getByRole('tab', { name, exact: true }).waitFor();
}
