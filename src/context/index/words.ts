/** What a character is in a word. */
const kinds = { none: 0, lower: 1, upper: 2, digit: 3, joiner: 4 } as const;

const kindOfAscii = Uint8Array.from({ length: 128 }, (_, code) => {
	const character = String.fromCharCode(code);
	if (/[a-z]/.test(character)) return kinds.lower;
	if (/[A-Z]/.test(character)) return kinds.upper;
	if (/[0-9]/.test(character)) return kinds.digit;
	return /[_$]/.test(character) ? kinds.joiner : kinds.none;
});

const seed = 0x811c9dc5;
const shortestPart = 3;
const shortestWord = 2;

/**
 * Writes a number for each word of a text into a buffer, as many as fit, and returns how many. An identifier counts as a whole and in
 * its parts: `parseHttpUrl` and `parse_http_url` are `parsehttpurl`, `parse`, `http` and `url`. Numbers instead of strings, because a
 * codebase has millions of words, and two words of a hundred thousand that are taken for each other do no harm to a search.
 */
export function hashWords(text: string, from: number, to: number, into: Uint32Array): number {
	let count = 0;
	let at = from;
	// An identifier adds at most as many numbers as it has characters.
	while (at < to && count + 2 < into.length) {
		const first = kindOf(text.charCodeAt(at));
		if (first === kinds.none) {
			at++;
			continue;
		}
		let whole = seed;
		let length = 0;
		let part = seed;
		let partLength = 0;
		let before: number = first;
		for (; at < to; at++) {
			const code = text.charCodeAt(at);
			const kind = kindOf(code);
			if (kind === kinds.none) break;
			if (partLength > 0 && beginsPart(kind, before, text, at)) {
				if (partLength >= shortestPart && first !== kinds.digit && count < into.length) into[count++] = part || 1;
				part = seed;
				partLength = 0;
			}
			before = kind;
			if (kind === kinds.joiner) continue;
			const lower = kind === kinds.upper ? code | 0x20 : code;
			part = Math.imul(part ^ lower, 0x01000193) >>> 0;
			whole = Math.imul(whole ^ lower, 0x01000193) >>> 0;
			partLength++;
			length++;
		}
		if (first === kinds.digit) continue;
		if (partLength >= shortestPart && partLength < length && count < into.length) into[count++] = part || 1;
		if (length >= shortestWord && count < into.length) into[count++] = whole || 1;
	}
	return count;
}

/** Letters beyond ASCII have no case here. */
function kindOf(code: number): number {
	return code < 128 ? (kindOfAscii[code] ?? kinds.none) : kinds.lower;
}

/** `fooBar`, `foo_bar`, `HTTPServer`. */
function beginsPart(kind: number, before: number, text: string, at: number): boolean {
	if (kind === kinds.joiner) return true;
	if (kind !== kinds.upper) return false;
	return before !== kinds.upper || (at + 1 < text.length && kindOf(text.charCodeAt(at + 1)) === kinds.lower);
}

/** A number for a name, exactly as it is spelt. */
export function hashName(name: string): number {
	let hash = seed;
	for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
	return hash >>> 0 || 1;
}
