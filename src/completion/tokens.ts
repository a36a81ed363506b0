/**
 * Roughly how many tokens a text has, on the safe side and without a tokenizer: code has 3–4 characters a token, scripts other
 * than Latin up to two tokens a character.
 */
export function estimateTokens(text: string): number {
	let tokens = 0;
	for (let i = 0; i < text.length; i++) tokens += text.charCodeAt(i) < 128 ? 1 / 3 : 1.5;
	return tokens;
}

/** The last whole lines of a text that fit in so many tokens; at least part of the last line. */
export function lastLines(text: string, tokens: number): string {
	let start = text.length;
	for (let left = tokens, i = text.length - 1; i >= 0 && left > 0; i--) {
		left -= text.charCodeAt(i) < 128 ? 1 / 3 : 1.5;
		if (left <= 0) break;
		if (i === 0) start = 0;
		else if (text[i - 1] === '\n') start = i;
	}
	// A single line longer than all there is room for is cut where the room ends.
	if (start === text.length && text !== '') return wholeCharacters(text.slice(-Math.max(1, Math.floor(tokens))));
	return text.slice(start);
}

/** The first whole lines of a text that fit in so many tokens; none if the first does not. */
export function firstLines(text: string, tokens: number): string {
	let end = 0;
	let left = tokens;
	for (let i = 0; i < text.length; i++) {
		left -= text.charCodeAt(i) < 128 ? 1 / 3 : 1.5;
		if (left < 0) return text.slice(0, end);
		if (text[i + 1] === '\n') end = i + 1;
	}
	return text;
}

/** Without the half of a surrogate pair that a cut may have left at the start. */
function wholeCharacters(text: string): string {
	const code = text.charCodeAt(0);
	return code >= 0xdc00 && code <= 0xdfff ? text.slice(1) : text;
}
