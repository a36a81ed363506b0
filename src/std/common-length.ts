/** How many characters two texts have in common at their beginnings. */
export function commonLength(a: string, b: string): number {
	const end = Math.min(a.length, b.length);
	let length = 0;
	while (length < end && a.charCodeAt(length) === b.charCodeAt(length)) length++;
	return length;
}
