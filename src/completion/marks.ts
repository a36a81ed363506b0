interface Said {
	readonly text: string;
	/** Nothing more will come of it. */
	readonly isComplete: boolean;
}

/** Shorter beginnings of a special token at the very end are code. */
const leastOfMark = 3;

/** An answer up to the first special token. One that may be about to come is held back; half a one at the end is left out. */
export function untilMark(raw: string, specialTokens: readonly string[], isFinal: boolean): Said {
	const text = raw.replaceAll(/\r\n?/g, '\n');
	const found = specialTokens.map((token) => text.indexOf(token)).filter((index) => index >= 0);
	if (found.length > 0) return { text: text.slice(0, Math.min(...found)), isComplete: true };
	const half = Math.max(0, ...specialTokens.map((token) => overlap(text, token)));
	return { text: half >= leastOfMark || !isFinal ? text.slice(0, text.length - half) : text, isComplete: isFinal };
}

/** How many characters at the end of a text are the beginning of a token. */
function overlap(text: string, token: string): number {
	for (let length = Math.min(text.length, token.length - 1); length > 0; length--) {
		if (text.endsWith(token.slice(0, length))) return length;
	}
	return 0;
}

/** An answer that comes as a document of its own loses the fence before it. What follows the fence behind it is cut off line by line. */
export function withoutFence(text: string, hasFences: boolean, isComplete: boolean): string {
	if (hasFences) return text;
	if (!isComplete && /^\s*(`{1,2}|```[\w+#-]*)$/.test(text)) return '';
	return text.replace(/^\s*```[\w+#-]*(\n|$)/, '');
}

/** An answer that begins by repeating what stands before the cursor loses that. Whether it does may not be known yet. */
export function withoutEcho(text: string, echoes: readonly string[], isComplete: boolean): string {
	for (const echo of echoes) {
		if (text.startsWith(echo) && (text.length > echo.length || isComplete)) return text.slice(echo.length);
		if (!isComplete && text !== '' && echo.startsWith(text)) return '';
	}
	return text;
}
