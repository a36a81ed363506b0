import { type Disposable, type Event, extensions, type Uri, workspace } from 'vscode';
import { languageOf } from '../../completion/language.ts';
import { trackedLanguages } from '../../tracking/language-ids.ts';
import type { EarlierText } from '../../tracking/wire.ts';
import { pathOf } from './places.ts';

/** In milliseconds: Git says several times that something changed, and has enough to do at the start. */
const crowd = 1000;
const start = 3000;
/** A branch with more changed files than that is not what somebody is editing. */
const mostFiles = 200;

/** What is needed of the editor's own extension for Git, as its documentation has it. */
interface Git {
	readonly repositories: readonly Repository[];
	readonly onDidOpenRepository: Event<Repository>;
}

interface Repository {
	readonly state: {
		readonly HEAD: { readonly commit?: string } | undefined;
		readonly workingTreeChanges: readonly { readonly uri: Uri }[];
		readonly indexChanges: readonly { readonly uri: Uri }[];
		readonly onDidChange: Event<void>;
	};
	show(revision: string, path: string): Promise<string>;
}

/** Tells how the files that differ from the last commit were in it, whenever that changes. */
export class RevisionTexts implements Disposable {
	readonly #tell: (texts: readonly EarlierText[]) => void;
	readonly #subscriptions: Disposable[] = [];
	readonly #known = new Map<string, string>();
	#timer: NodeJS.Timeout | undefined;
	#git: Git | undefined;

	constructor(tell: (texts: readonly EarlierText[]) => void) {
		this.#tell = tell;
		this.#timer = setTimeout(() => void this.#begin(), start);
	}

	dispose(): void {
		clearTimeout(this.#timer);
		for (const subscription of this.#subscriptions) subscription.dispose();
	}

	/** Where there is no Git nothing is compared. */
	async #begin() {
		const extension = extensions.getExtension<{ getAPI(version: 1): Git }>('vscode.git');
		try {
			this.#git = (await extension?.activate())?.getAPI(1);
		} catch {
			return;
		}
		if (!this.#git) return;
		const watch = ({ state }: Repository) => this.#subscriptions.push(state.onDidChange(() => this.#soon()));
		this.#subscriptions.push(this.#git.onDidOpenRepository(watch));
		for (const repository of this.#git.repositories) watch(repository);
		this.#soon();
	}

	#soon() {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.#read(), crowd);
	}

	async #read() {
		const texts: EarlierText[] = [];
		for (const repository of this.#git?.repositories ?? []) {
			const { workingTreeChanges, indexChanges } = repository.state;
			const uris = new Map([...workingTreeChanges, ...indexChanges].map(({ uri }) => [pathOf(uri), uri]));
			const wanted = [...uris].filter(([path, uri]) => trackedLanguages.includes(languageOf(path)) && workspace.getWorkspaceFolder(uri));
			if (wanted.length > mostFiles) continue;
			for (const [path, uri] of wanted) {
				const text = await this.#textOf(repository, path, uri);
				if (text !== undefined) texts.push({ path, languageId: languageOf(path), text });
			}
		}
		this.#tell(texts);
	}

	/** A file that is new was never otherwise. */
	async #textOf(repository: Repository, path: string, uri: Uri): Promise<string | undefined> {
		const key = `${repository.state.HEAD?.commit} ${path}`;
		const known = this.#known.get(key);
		if (known !== undefined) return known;
		try {
			const text = (await repository.show('HEAD', uri.fsPath)).replace(/^\uFEFF/, '');
			this.#known.set(key, text);
			return text;
		} catch {
			return undefined;
		}
	}
}
