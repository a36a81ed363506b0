import { commands, type ExtensionContext, Selection, ViewColumn, window, workspace } from 'vscode';
import type { Entry } from './journal.ts';

/**
 * What the walkthrough of package.json knows of us, as context keys. Its steps are done when these say so:
 *
 * - `co-clone.model`: `ready` once a model completes, `missing` when there is none.
 * - `co-clone.accepted`: a suggestion, or a part of one, was accepted.
 */
export class Walkthrough {
	readonly #id: string;
	#model: 'ready' | 'missing' | undefined;

	constructor({ extension }: ExtensionContext) {
		this.#id = `${extension.id}#start`;
	}

	/** Opens it, or goes to where it is open. Behind what is shown it is only a tab: beside it, it would take the keys of who types. */
	async open(isBehind = false): Promise<void> {
		await commands.executeCommand('workbench.action.openWalkthrough', this.#id, { inactive: isBehind });
	}

	modelIs(model: 'ready' | 'missing'): void {
		if (model === this.#model) return;
		this.#model = model;
		void commands.executeCommand('setContext', 'co-clone.model', model);
	}

	heed({ outcome: { completion, nothing } }: Entry): void {
		if (completion) this.modelIs('ready');
		else if (nothing?.reason === 'unreachable' || nothing?.reason === 'model-missing') this.modelIs('missing');
	}

	accepted(): void {
		void commands.executeCommand('setContext', 'co-clone.accepted', true);
	}
}

const sample = `export function subtract(left: number, right: number): number {
	return left - right;
}

export function add(left: number, right: number): number {
	|
}
`;

/** Opens a text with a place where any code model has something to suggest; beside the walkthrough, where that is what is looked at. */
export async function openSample(): Promise<void> {
	const document = await workspace.openTextDocument({ language: 'typescript', content: sample.replace('|', '') });
	const cursor = document.positionAt(sample.indexOf('|'));
	// Set later, the cursor would leave behind what is typed meanwhile.
	await window.showTextDocument(document, { viewColumn: columnBeside(), selection: new Selection(cursor, cursor) });
}

function columnBeside(): ViewColumn {
	const { all, activeTabGroup } = window.tabGroups;
	if (window.activeTextEditor) return ViewColumn.Active;
	return all.find((group) => group !== activeTabGroup)?.viewColumn ?? ViewColumn.Beside;
}
