import { basename, relative, sep } from 'node:path';
import type { ChooseContext } from '../completion/anchor.ts';
import type { CompletionRequest } from '../completion/completion.ts';
import type { CodeIndex } from '../context/code-index.ts';
import { EditTrail } from '../context/edit-trail.ts';
import { ContextFinder, type Place } from '../context/finder.ts';
import { addressed, Ignored } from '../context/ignored.ts';
import type { FileChange } from '../context/index/index-wire.ts';
import { indexSources } from '../context/index-sources.ts';
import type { IndexEvent, WorkerIndex } from '../context/worker-index.ts';
import { isSecretPath } from '../secrets/files.ts';

/** An index in a thread of its own. */
export type FolderIndex = CodeIndex & Pick<WorkerIndex, 'setFolders' | 'take' | 'close'>;

/** A place in a text that is open in the client. */
interface OpenPlace extends Place {
	readonly line: number;
}

/** In milliseconds: who types on has not finished; what was edited is at hand. */
const settledMs = 400;
const deadlineMs = 100;
/** Of times that an index has to answer, for somebody who asked for a completion and waits: it may just be at work. */
const patience = 3;
/** Longer texts are not indexed. */
const mostCharacters = 512 * 1024;
const rules = /(?:^|[\\/])\.(?:gitignore|co-cloneignore)$/;

/** The folders of a client: the code in them that belongs to a place is looked for while nobody waits for it. */
export class Codebase {
	readonly #index: FolderIndex;
	readonly #finder: ContextFinder<OpenPlace>;
	readonly #edits = new EditTrail();
	readonly #ignored = new Ignored(() => this.#roots.map((root) => ({ root, exclude: [] })));
	readonly #typing = new Map<string, NodeJS.Timeout>();
	readonly #closed = new AbortController();
	#roots: readonly string[] = [];
	#tell: (event: IndexEvent) => void = () => {};

	constructor(createIndex: (onEvent: (event: IndexEvent) => void) => FolderIndex) {
		this.#index = createIndex((event) => this.#tell(event));
		const edits = { name: 'recent edits', deadlineMs, find: async ({ path, line }: OpenPlace) => this.#edits.around(path, line) };
		this.#finder = new ContextFinder<OpenPlace>([...indexSources(this.#index), edits], (source, error) =>
			this.#tell({ kind: 'fault', message: `Context from ${source}: ${error instanceof Error ? error.message : error}` }),
		);
	}

	/** What a prompt shows of what was found; never waits. */
	get choose(): ChooseContext {
		return this.#finder.choose;
	}

	/** From now on these folders are known. Without any, nothing is. */
	open(roots: readonly string[], tell: (event: IndexEvent) => void): void {
		this.#tell = tell;
		this.#roots = roots;
		this.#ignored.forget();
		this.#index.setFolders(roots.map((root) => ({ root, name: basename(root), exclude: [] })));
	}

	/** A text before anybody edits it. */
	async opened(file: string, text: string): Promise<void> {
		const place = await this.#placeOf(file, this.#closed.signal);
		if (place) this.#edits.saw(place.path, text.split('\n'));
	}

	/** A text is typed in; it is asked for when it has been at rest for a moment. */
	edited(file: string, text: () => string): void {
		clearTimeout(this.#typing.get(file));
		const take = async () => {
			this.#typing.delete(file);
			const now = text();
			this.changed([{ kind: 'changed', file, ...(now.length <= mostCharacters ? { text: now } : {}) }]);
			const place = await this.#placeOf(file, this.#closed.signal);
			if (place) this.#edits.settled(place.path, now.split('\n'));
		};
		this.#typing.set(
			file,
			setTimeout(() => void take().catch(() => {}), settledMs),
		);
	}

	/** What counts is on the disk again. */
	closed(file: string): void {
		clearTimeout(this.#typing.get(file));
		this.#typing.delete(file);
		this.changed([{ kind: 'changed', file }]);
	}

	/** Files were changed by whomever. */
	changed(changes: readonly FileChange[]): void {
		if (changes.some(({ file }) => rules.test(file))) this.#ignored.forget();
		if (this.#roots.length > 0) this.#index.take(changes);
	}

	/** Looks for what belongs to a place, while nobody waits. False where nothing does. */
	async look(request: CompletionRequest, line: number, signal: AbortSignal): Promise<boolean> {
		const place = await this.#placeOf(request.path, signal);
		if (place) await this.#finder.prepare({ ...place, request, line }, signal);
		return place !== undefined;
	}

	/** The same for somebody who asked for a completion and waits for it. */
	async gather(request: CompletionRequest, line: number, signal: AbortSignal): Promise<ChooseContext | undefined> {
		const place = await this.#placeOf(request.path, signal);
		return place && this.#finder.gather({ ...place, request, line }, patience, signal);
	}

	async close(): Promise<void> {
		for (const timer of this.#typing.values()) clearTimeout(timer);
		this.#typing.clear();
		this.#closed.abort();
		await this.#index.close();
	}

	/** Undefined for what is in none of the folders, is ignored, or holds secrets by custom: nobody else is told of it. */
	async #placeOf(file: string, signal: AbortSignal): Promise<Pick<Place, 'repository' | 'path'> | undefined> {
		const [root] = this.#roots.filter((folder) => isIn(folder, file)).toSorted((a, b) => b.length - a.length);
		if (root === undefined || isSecretPath(file)) return undefined;
		await this.#ignored.untilKnown(addressed(file), signal);
		if (this.#ignored.isLeftOut(addressed(file))) return undefined;
		const inside = relative(root, file).split(sep).join('/');
		const repository = basename(root);
		return { repository, path: this.#roots.length === 1 ? inside : `${repository}/${inside}` };
	}
}

/** Whether a file is in a folder, or the same. */
export function isIn(folder: string, file: string): boolean {
	return file === folder || file.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
