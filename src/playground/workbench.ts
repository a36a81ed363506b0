import type { EditorState, Text } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { Asking } from './asking.ts';
import { stateOf } from './editor.ts';
import { checkedPath, freePath } from './file-set.ts';
import type { ComparedFile, PlainEdit } from './gateway.ts';
import { make } from './page.ts';

/** One open file: what it is edited with, and what it was when its signatures were last in order. */
interface Open {
	state: EditorState;
	before: string;
}

/** The files with a tab each, and the editor with one of them. */
export class Workbench {
	readonly #tabs: HTMLElement;
	readonly #view: EditorView;
	readonly #asking: Asking;
	readonly #onChange: () => void;
	readonly #files = new Map<string, Open>();
	#active = '';

	/** @param onChange is told of every edit, and of files that come and go */
	constructor(tabs: HTMLElement, panel: HTMLElement, asking: Asking, onChange: () => void) {
		this.#tabs = tabs;
		this.#asking = asking;
		this.#onChange = onChange;
		this.#view = new EditorView({ parent: panel, state: this.#edited('untitled', '') });
		tabs.addEventListener('keydown', (event) => this.#steer(event));
	}

	get view(): EditorView {
		return this.#view;
	}

	get active(): string {
		return this.#active;
	}

	get paths(): readonly string[] {
		return [...this.#files.keys()];
	}

	/** Every file, with what it was. */
	get files(): readonly Required<ComparedFile>[] {
		return this.paths.map((path) => ({ path, text: this.textOf(path), before: this.#files.get(path)?.before ?? '' }));
	}

	/** The texts as the editor has them: another object whenever one is another. */
	get texts(): ReadonlyMap<string, Text> {
		return new Map([...this.#files].map(([path, { state }]) => [path, (this.#stateOf(path) ?? state).doc]));
	}

	textOf(path: string): string {
		return this.#stateOf(path)?.doc.toString() ?? '';
	}

	/** Adds a file under its name, or one like it that is free. */
	add(path: string, text: string, before = text): string {
		const free = freePath(checkedPath(path, []), new Set(this.paths));
		this.#files.set(free, { state: this.#edited(free, text), before });
		this.#changed();
		return free;
	}

	/** @throws NameError */
	create(path: string): void {
		const checked = checkedPath(path, this.paths);
		this.add(checked, '');
		this.show(checked);
	}

	/** @throws NameError */
	rename(path: string): void {
		const old = this.#active;
		const checked = checkedPath(
			path,
			this.paths.filter((other) => other !== old),
		);
		const files = this.files;
		this.#files.clear();
		for (const { path: each, text, before } of files) {
			const name = each === old ? checked : each;
			this.#files.set(name, { state: this.#edited(name, text), before });
		}
		this.#active = '';
		this.show(checked);
		this.#changed();
	}

	delete(): void {
		const index = this.paths.indexOf(this.#active);
		this.#files.delete(this.#active);
		this.#active = '';
		const next = this.paths[Math.min(index, this.paths.length - 1)];
		if (next === undefined) this.create('untitled.ts');
		else this.show(next);
		this.#changed();
	}

	show(path: string): void {
		const open = this.#files.get(path);
		if (!open || path === this.#active) return;
		this.#asking.dismissIn(this.#view, false);
		const shown = this.#files.get(this.#active);
		if (shown) shown.state = this.#view.state;
		this.#active = path;
		this.#view.setState(open.state);
		this.#drawTabs();
	}

	/** Edits a file, as one step that can be undone. */
	edit(path: string, edits: readonly PlainEdit[]): void {
		const changes = edits.map(({ start, end, newText }) => ({ from: start, to: end, insert: newText }));
		const open = this.#files.get(path);
		if (path === this.#active) this.#view.dispatch({ changes });
		else if (open) open.state = open.state.update({ changes }).state;
		this.#changed();
	}

	/** From now on signatures are compared with what they are now. */
	settle(): void {
		for (const [path, open] of this.#files) open.before = this.textOf(path);
	}

	#stateOf(path: string): EditorState | undefined {
		return path === this.#active ? this.#view.state : this.#files.get(path)?.state;
	}

	#edited(path: string, text: string): EditorState {
		return stateOf(path, text, this.#asking, () => this.#onChange());
	}

	#changed(): void {
		this.#drawTabs();
		this.#onChange();
	}

	#drawTabs(): void {
		const hadFocus = this.#tabs.contains(document.activeElement);
		this.#tabs.replaceChildren(...this.paths.map((path) => this.#tab(path)));
		this.#selectedTab?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
		if (hadFocus) this.#focusTab();
	}

	#tab(path: string): HTMLButtonElement {
		const isActive = path === this.#active;
		const tab = make('button', { type: 'button', textContent: path, tabIndex: isActive ? 0 : -1, onclick: () => this.show(path) });
		tab.role = 'tab';
		tab.ariaSelected = String(isActive);
		tab.setAttribute('aria-controls', 'panel');
		return tab;
	}

	/** As tabs are steered everywhere: arrows, Home and End. */
	#steer(event: KeyboardEvent): void {
		const at = this.paths.indexOf(this.#active);
		const { length } = this.paths;
		const next = { ArrowRight: (at + 1) % length, ArrowLeft: (at - 1 + length) % length, Home: 0, End: length - 1 }[event.key];
		const path = next === undefined ? undefined : this.paths[next];
		if (path === undefined) return;
		event.preventDefault();
		this.show(path);
		this.#focusTab();
	}

	#focusTab(): void {
		this.#selectedTab?.focus();
	}

	get #selectedTab(): HTMLElement | null {
		return this.#tabs.querySelector<HTMLElement>('[aria-selected="true"]');
	}
}
