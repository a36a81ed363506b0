import { basename, dirname, join, resolve } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import picomatch from 'picomatch';
import { type LookAt, lookAt } from './rule-files.ts';

/** What nobody of the project wrote, also where no `.gitignore` says so. */
const foreignFolders = new Set(
	'.git .hg .svn .jj node_modules bower_components jspm_packages __pycache__ .venv .tox .mypy_cache .pytest_cache .gradle .terraform .yarn .pnpm-store'.split(
		' ',
	),
);
const ignorecase = process.platform === 'win32' || process.platform === 'darwin';

/** Which files of a folder are nobody's business: those of `.gitignore` at every level, of `.co-cloneignore`, and of `files.exclude`. */
export class IgnoreRules {
	readonly #root: string;
	readonly #look: LookAt;
	#git: IgnoreFiles | undefined;
	readonly #own: IgnoreFiles;
	readonly #apart: ReadonlySet<string>;
	readonly #isExcluded: (path: string) => boolean;

	/** `apart` are folders that are indexed on their own. What `look` throws whoever asks gets. */
	constructor(root: string, exclude: readonly string[], apart: readonly string[] = [], look: LookAt = lookAt) {
		this.#root = root;
		this.#look = look;
		this.#apart = new Set(apart);
		this.#own = new IgnoreFiles(look, root, '.co-cloneignore', undefined);
		this.#isExcluded = exclude.length > 0 ? picomatch([...exclude], { dot: true, nocase: ignorecase }) : () => false;
	}

	/** Whether a file or folder is left out, given that the folder that it is in is not. */
	isIgnored(path: string, isFolder: boolean): boolean {
		if (isFolder && (foreignFolders.has(basename(path)) || this.#apart.has(path))) return true;
		this.#git ??= gitRulesOf(this.#root, this.#look);
		return this.#isExcluded(path) || this.#git.isIgnored(path, isFolder) || this.#own.isIgnored(path, isFolder);
	}

	/** Whether a file, or a folder that it is in, is left out. */
	isIgnoredWithParents(path: string): boolean {
		return foldersAbove(path).some((folder) => this.isIgnored(folder, true)) || this.isIgnored(path, false);
	}

	/** Whether `.co-cloneignore` lists a file, or a folder that it is in. Of Git's rules none is read: this is asked at every key. */
	isListed(path: string): boolean {
		return this.#own.isIgnoredWithParents(path, false);
	}

	/** Reads all files with rules anew when they are needed. They remember every path that they were asked for, too. */
	forget(): void {
		this.#git?.forget();
		this.#own.forget();
	}
}

/** Those of Git for a folder, wherever its repository begins. */
function gitRulesOf(root: string, look: LookAt): IgnoreFiles {
	const repository = repositoryAround(root, look);
	const last = repository && join(gitFolder(repository, look), 'info', 'exclude');
	const git = new IgnoreFiles(look, repository ?? root, '.gitignore', last);
	const prefix = repository === undefined ? '' : pathFrom(repository, root);
	// Whoever opens an ignored folder wants to work in it.
	const isInside = prefix === '' || !git.isIgnoredWithParents(prefix, true);
	return isInside ? git.within(prefix) : new IgnoreFiles(look, root, '.gitignore', undefined);
}

/** The files of one name at every level: of several that know a path the one that is nearest to it decides. */
class IgnoreFiles {
	readonly #look: LookAt;
	readonly #base: string;
	readonly #name: string;
	readonly #last: string | undefined;
	readonly #prefix: string;
	readonly #loaded = new Map<string, Ignore | undefined>();

	/** `last` is a file with rules of the base that any other overrides. */
	constructor(look: LookAt, base: string, name: string, last: string | undefined, prefix = '') {
		this.#look = look;
		this.#base = base;
		this.#name = name;
		this.#last = last;
		this.#prefix = prefix;
	}

	/** The same for paths from a folder in the base. */
	within(prefix: string): IgnoreFiles {
		return new IgnoreFiles(this.#look, this.#base, this.#name, this.#last, prefix === '' ? '' : `${prefix}/`);
	}

	isIgnored(path: string, isFolder: boolean): boolean {
		const whole = `${this.#prefix}${path}`;
		for (let end = whole.lastIndexOf('/'); ; end = whole.lastIndexOf('/', end - 1)) {
			const folder = end < 0 ? '' : whole.slice(0, end);
			const said = this.#rules(folder)?.test(`${whole.slice(end + 1)}${isFolder ? '/' : ''}`);
			if (said?.ignored || said?.unignored) return said.ignored;
			if (end <= 0) break;
		}
		return this.#rules(undefined)?.test(`${whole}${isFolder ? '/' : ''}`).ignored ?? false;
	}

	isIgnoredWithParents(path: string, isFolder: boolean): boolean {
		return foldersAbove(path).some((folder) => this.isIgnored(folder, true)) || this.isIgnored(path, isFolder);
	}

	forget(): void {
		this.#loaded.clear();
	}

	#rules(folder: string | undefined): Ignore | undefined {
		const key = folder ?? '\0';
		if (!this.#loaded.has(key)) {
			const file = folder === undefined ? this.#last : join(this.#base, folder, this.#name);
			this.#loaded.set(key, file === undefined ? undefined : rulesOf(this.#look(file)?.text));
		}
		return this.#loaded.get(key);
	}
}

/** Those that a path is in, the outermost first: `a/b/c` is in `a` and in `a/b`. */
function foldersAbove(path: string): string[] {
	const names = path.split('/');
	return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));
}

function rulesOf(text: string | undefined): Ignore | undefined {
	return text === undefined ? undefined : ignore({ ignorecase, allowRelativePaths: false }).add(text);
}

/** The folder with the repository that a folder is in. */
export function repositoryAround(root: string, look: LookAt = lookAt): string | undefined {
	for (let folder = resolve(root); ; folder = dirname(folder)) {
		if (look(join(folder, '.git'))) return folder;
		if (dirname(folder) === folder) return undefined;
	}
}

/** Of a linked worktree or a submodule `.git` is a file that says where the folder is. */
function gitFolder(repository: string, look: LookAt): string {
	const link = /^gitdir:\s*(.+)/.exec(look(join(repository, '.git'))?.text ?? '')?.[1]?.trim();
	if (link === undefined) return join(repository, '.git');
	const folder = resolve(repository, link);
	return resolve(folder, look(join(folder, 'commondir'))?.text?.trim() ?? '.');
}

function pathFrom(base: string, folder: string): string {
	return resolve(folder).slice(base.length).replaceAll('\\', '/').replace(/^\/+/, '');
}
