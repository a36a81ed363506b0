import { languageOf } from '../../src/completion/language.ts';
import type { CodeIndex } from '../../src/context/code-index.ts';
import { declarationAt } from '../../src/context/index/declaration.ts';
import { FolderIndex } from '../../src/context/index/folder-index.ts';
import { host, type TextDocument } from '../editor/vscode.ts';

const mostOfName = 3;

/** The index of the files that have been opened so far, as they are now; it answers at once. */
export class OpenedFiles implements CodeIndex {
	readonly #index = new FolderIndex();
	readonly #documents = new Map<string, { readonly document: TextDocument; version: number | undefined }>();
	readonly #listening = host.opened.event((document) => this.#documents.set(document.uri.path, { document, version: undefined }));

	dispose(): void {
		this.#listening.dispose();
	}

	async search({ text, path, limit }: Parameters<CodeIndex['search']>[0]) {
		this.#refresh();
		return this.#index.search(text, path, limit).map(({ path, startLine, endLine, score }) => {
			const lines = this.#textOf(path)
				.split('\n')
				.slice(startLine, endLine + 1);
			return { path, startLine, endLine, text: lines.join('\n'), source: 'similar' as const, score };
		});
	}

	async definitions(names: readonly string[], path: string) {
		this.#refresh();
		return names.flatMap((name) => {
			const places = this.#index.declarations(name, mostOfName).filter((place) => place.path !== path);
			return places.map(({ path, line }) => ({ name, path, ...declarationAt(this.#textOf(path).split('\n'), line, languageOf(path)) }));
		});
	}

	#textOf(path: string): string {
		return this.#documents.get(path)?.document.getText() ?? '';
	}

	#refresh(): void {
		for (const [path, known] of this.#documents) {
			const { version } = known.document;
			if (known.version === version) continue;
			known.version = version;
			const text = known.document.getText();
			this.#index.put(path, { text, modified: 0, size: text.length, isPlain: true });
		}
	}
}
