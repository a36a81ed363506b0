import { commands, type TextDocumentContentProvider, Uri, workspace } from 'vscode';
import { applyEdits } from '../../signature/text-edit.ts';
import type { PlannedDependent } from '../../tracking/wire.ts';
import type { Changes } from './changes.ts';
import { pathOf, uriOf } from './places.ts';

/** The scheme of texts as they would be. */
export const previewScheme = 'co-clone-signatures';

/** Texts as they would be with all edits of a change, for the right side of a diff. */
export class Preview implements TextDocumentContentProvider {
	readonly #changes: Changes;

	constructor(changes: Changes) {
		this.#changes = changes;
	}

	/** All files that dependents are in, before and after, in one editor. */
	async show(title: string, id: string, dependents: readonly PlannedDependent[]): Promise<void> {
		const paths = new Set(dependents.filter(({ edits }) => edits.length > 0).map(({ path }) => path));
		const sides = [...paths].map((path) => {
			const uri = uriOf(path);
			// Another query is another text: the editor asks for each only once.
			const proposed = uri.with({ scheme: previewScheme, query: JSON.stringify({ id, at: Date.now() }) });
			return [uri, uri, proposed];
		});
		await commands.executeCommand('vscode.changes', title, sides);
	}

	async provideTextDocumentContent(proposed: Uri): Promise<string> {
		const uri = Uri.file(proposed.path).with({ path: proposed.path });
		const document = await workspace.openTextDocument(uri);
		const change = this.#changes.find(JSON.parse(proposed.query).id);
		const path = pathOf(uri);
		const own = change?.dependents.filter((dependent) => dependent.path === path) ?? [];
		const edits = own.flatMap((dependent) => this.#changes.editsOf(dependent));
		return applyEdits(
			document.getText(),
			edits.map(({ range, newText }) => ({ start: document.offsetAt(range.start), end: document.offsetAt(range.end), newText })),
		);
	}
}
