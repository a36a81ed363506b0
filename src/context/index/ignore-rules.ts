import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import picomatch from 'picomatch';

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
	#git: IgnoreFiles | undefined;
	readonly #own: IgnoreFiles;
	readonly #apart: ReadonlySet<string>;
	readonly #isExcluded: (path: string) => boolean;

	/** `apart` are folders that are indexed on their own. */
	constructor(root: string, exclude: readonly string[], apart: readonly string[] = []) {
		this.#root = root;
		this.#apart = new Set(apart);
		this.#own = new IgnoreFiles(root, '.co-cloneignore', undefined);
		this.#isExcluded = exclude.length > 0 ? picomatch([...exclude], { dot: true, nocase: ignorecase }) : () => false;
	}

	/** Whether a file or folder is left out, given that the folder that it is in is not. */
	isIgnored(path: string, isFolder: boolean): boolean {
		if (isFolder && (foreignFolders.has(basename(path)) || this.#apart.has(path))) return true;
		this.#git ??= gitRulesOf(this.#root);
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
function gitRulesOf(root: string): IgnoreFiles {
	const repository = repositoryAround(root);
	const git = new IgnoreFiles(repository ?? root, '.gitignore', repository && join(gitFolder(repository), 'info', 'exclude'));
	const prefix = repository === undefined ? '' : pathFrom(repository, root);
	// Whoever opens an ignored folder wants to work in it.
	const isInside = prefix === '' || !git.isIgnoredWithParents(prefix, true);
	return isInside ? git.within(prefix) : new IgnoreFiles(root, '.gitignore', undefined);
}

/** The files of one name at every level: of several that know a path the one that is nearest to it decides. */
class IgnoreFiles {
	readonly #base: string;
	readonly #name: string;
	readonly #last: string | undefined;
	readonly #prefix: string;
	readonly #loaded = new Map<string, Ignore | undefined>();

	/** `last` is a file with rules of the base that any other overrides. */
	constructor(base: string, name: string, last: string | undefined, prefix = '') {
		this.#base = base;
		this.#name = name;
		this.#last = last;
		this.#prefix = prefix;
	}

	/** The same for paths from a folder in the base. */
	within(prefix: string): IgnoreFiles {
		return new IgnoreFiles(this.#base, this.#name, this.#last, prefix === '' ? '' : `${prefix}/`);
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
			this.#loaded.set(key, file === undefined ? undefined : rulesOf(file));
		}
		return this.#loaded.get(key);
	}
}

/** Those that a path is in, the outermost first: `a/b/c` is in `a` and in `a/b`. */
function foldersAbove(path: string): string[] {
	const names = path.split('/');
	return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));
}

function rulesOf(file: string): Ignore | undefined {
	const text = readText(file);
	return text === undefined ? undefined : ignore({ ignorecase, allowRelativePaths: false }).add(text);
}

/** The folder with the repository that a folder is in. */
export function repositoryAround(root: string): string | undefined {
	for (let folder = resolve(root); ; folder = dirname(folder)) {
		if (existsSync(join(folder, '.git'))) return folder;
		if (dirname(folder) === folder) return undefined;
	}
}

/** Of a linked worktree or a submodule `.git` is a file that says where the folder is. */
function gitFolder(repository: string): string {
	const link = /^gitdir:\s*(.+)/.exec(readText(join(repository, '.git')) ?? '')?.[1]?.trim();
	if (link === undefined) return join(repository, '.git');
	const folder = resolve(repository, link);
	return resolve(folder, readText(join(folder, 'commondir'))?.trim() ?? '.');
}

function readText(file: string): string | undefined {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
}

function pathFrom(base: string, folder: string): string {
	return resolve(folder).slice(base.length).replaceAll('\\', '/').replace(/^\/+/, '');
}
