/** A path in each of the folders above a file, the nearest first. Paths have `/` in them. */
export function above(path: string, relative: string): string[] {
	const own = path.split('/').slice(0, -1);
	return [...own, ''].map((_, index) => [...own.slice(0, own.length - index), relative].join('/'));
}

export function folderOf(path: string): string {
	return path.replace(/\/?[^/]*$/, '');
}

/** A relative path from a file, without `.` and `..`. */
export function joined(path: string, relative: string): string {
	const segments = path.split('/').slice(0, -1);
	for (const segment of relative.split('/')) {
		if (segment === '..') segments.pop();
		else if (segment !== '.' && segment !== '') segments.push(segment);
	}
	return segments.join('/');
}
