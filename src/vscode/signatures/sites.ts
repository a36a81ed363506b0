import { commands, type Selection, type TextEditor, TextEditorRevealType, window, workspace } from 'vscode';
import type { PlannedDependent } from '../../tracking/wire.ts';
import { type Changes, needing } from './changes.ts';
import { pathOf, rangeOf, uriOf } from './places.ts';

interface Origin {
	/** Those whose calls it was about: with the next ones it begins anew. */
	readonly changes: readonly string[];
	readonly editor: TextEditor;
	readonly selection: Selection;
}

/** From one call to the next, and back to where that began: when asked to, and once there are no more. */
export class Sites {
	readonly #changes: Changes;
	#origin: Origin | undefined;

	constructor(changes: Changes) {
		this.#changes = changes;
	}

	async go(by: 1 | -1): Promise<void> {
		const sites = this.#sites();
		const editor = window.activeTextEditor;
		if (sites.length === 0) return this.back();
		if (editor && !this.#isUnderway) this.#setOrigin({ changes: this.#ids, editor, selection: editor.selection });
		const place = editor ? placeOf(pathOf(editor.document.uri), editor.selection.active) : '';
		const next = by === 1 ? sites.find((site) => orderOf(site) > place) : sites.findLast((site) => orderOf(site) < place);
		const site = next ?? (by === 1 ? sites[0] : sites.at(-1));
		if (site) await show(site);
	}

	/** To where somebody was when they went to the first call. */
	async back(): Promise<void> {
		if (!this.#origin) return;
		const { editor, selection } = this.#origin;
		this.#setOrigin(undefined);
		await window.showTextDocument(editor.document, {
			selection,
			...(editor.viewColumn !== undefined && { viewColumn: editor.viewColumn }),
		});
	}

	get #ids(): readonly string[] {
		return this.#changes.typed.map(({ id }) => id);
	}

	get #isUnderway(): boolean {
		return this.#origin?.changes.some((id) => this.#ids.includes(id)) ?? false;
	}

	#setOrigin(origin: Origin | undefined) {
		this.#origin = origin;
		void commands.executeCommand('setContext', 'coClone.isAtCallers', origin !== undefined);
	}

	#sites(): readonly PlannedDependent[] {
		const all = this.#changes.typed.flatMap(needing);
		return all.toSorted((left, right) => (orderOf(left) < orderOf(right) ? -1 : 1));
	}
}

async function show({ path, range }: PlannedDependent): Promise<void> {
	const document = await workspace.openTextDocument(uriOf(path));
	const { start } = rangeOf(range);
	const editor = await window.showTextDocument(document, { selection: rangeOf({ start, end: start }) });
	editor.revealRange(rangeOf(range), TextEditorRevealType.InCenterIfOutsideViewport);
}

function orderOf({ path, range: { start } }: PlannedDependent): string {
	return placeOf(path, start);
}

function placeOf(path: string, { line, character }: { readonly line: number; readonly character: number }): string {
	return `${path}:${String(line).padStart(8, '0')}:${String(character).padStart(6, '0')}`;
}
