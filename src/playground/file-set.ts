/** A name that cannot be had; the message says why. */
export class NameError extends Error {
	override readonly name = 'NameError';
}

const longestPath = 200;

/**
 * Checks the path of a file, and brings it into its one form.
 * @throws NameError
 */
export function checkedPath(path: string, taken: Iterable<string>): string {
	const parts = path
		.trim()
		.replaceAll('\\', '/')
		.split('/')
		.filter((part) => part !== '' && part !== '.');
	const clean = parts.join('/');
	if (clean === '') throw new NameError('A file needs a name.');
	if (parts.includes('..')) throw new NameError('A name cannot lead out of the folder.');
	if (clean.length > longestPath) throw new NameError(`A name has ${longestPath} characters at most.`);
	for (const other of taken) if (other === clean) throw new NameError(`There is a file “${clean}” already.`);
	return clean;
}

/** A path like another that is not taken: `cart.ts` → `cart-2.ts`. */
export function freePath(path: string, taken: ReadonlySet<string>): string {
	const [, stem = path, extension = ''] = /^(.*?)(\.[^./]+)?$/.exec(path) ?? [];
	let free = path;
	for (let number = 2; taken.has(free); number++) free = `${stem}-${number}${extension}`;
	return free;
}
