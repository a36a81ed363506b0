/** What a file says that it takes from elsewhere, in the languages that say so at the beginning of a line. */
const imports = [
	/\bfrom[ \t]+['"]([^'"\n]+)['"]|\b(?:import|require)[ \t]*\(?[ \t]*['"]([^'"\n]+)['"]/g,
	/^[ \t]*(?:from|import|use|using|open|alias|include|require_relative|require|source|#[ \t]*include)[ \t]+(?:static[ \t]+|type[ \t]+)?['"<]?([\w./:\\-]+)/gm,
	/^[ \t]+(?:\w+[ \t]+)?"([\w./-]+)"[ \t]*$/gm,
];
/** Imports are at the beginning. */
const mostCharacters = 20_000;

/** The ends of the paths that a file imports: `./lane.ts` is `/lane`, `java.util.List` is `/java/util/List`. */
export function importedPaths(text: string): ReadonlySet<string> {
	const head = text.slice(0, mostCharacters);
	const found = new Set<string>();
	for (const pattern of imports) {
		for (const match of head.matchAll(pattern)) {
			const path = pathOf(match[1] ?? match[2] ?? '');
			if (path !== '/') found.add(path);
		}
	}
	return found;
}

function pathOf(specifier: string): string {
	const separated = /[/\\]/.test(specifier) ? specifier.replaceAll('\\', '/') : specifier.replace(/^\.+/, '').replaceAll(/::|\./g, '/');
	const path = separated.replace(/^(?:\.{0,2}\/)+/, '').replace(/^(?:crate|self|super)\//, '');
	return `/${withoutExtension(path)}`;
}

/** Whether one of the imported paths is a file, or its folder: packages are imported by their folder. */
export function isImported(path: string, imported: ReadonlySet<string>): boolean {
	const whole = `/${withoutExtension(path)}`;
	const module = whole.replace(/\/(?:index|mod|lib|__init__|main)$/, '');
	const folder = whole.slice(0, whole.lastIndexOf('/'));
	for (const end of imported) if (whole.endsWith(end) || module.endsWith(end) || (folder !== '' && folder.endsWith(end))) return true;
	return false;
}

function withoutExtension(path: string): string {
	return path.replace(/(?:\.d)?\.\w{1,4}$/, '');
}

/** How far two files are from each other: how many folders are between them. */
export function distance(a: string, b: string): number {
	const from = a.split('/');
	const to = b.split('/');
	let common = 0;
	while (common < Math.min(from.length, to.length) - 1 && from[common] === to[common]) common++;
	return from.length + to.length - 2 * common - 2;
}
