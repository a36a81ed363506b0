export type Opener = '(' | '[' | '{';

export const closerOf = { '(': ')', '[': ']', '{': '}' } as const satisfies Record<Opener, string>;

export interface Bracket {
	readonly character: string;
	readonly at: number;
}

/** The brackets of a piece of code that have no partner in it. */
export interface Unpaired {
	readonly closers: readonly Bracket[];
	readonly openers: readonly (Bracket & { readonly character: Opener })[];
	/** Where the wrong closer closes something that is opened in it: `(]`. */
	readonly wrongAt: number | undefined;
}

/** Of code without comments and strings. */
export function unpaired(code: string): Unpaired {
	const closers: Bracket[] = [];
	const openers: (Bracket & { readonly character: Opener })[] = [];
	for (let at = 0; at < code.length; at++) {
		const character = code[at];
		if (isOpener(character)) openers.push({ character, at });
		else if (character === ')' || character === ']' || character === '}') {
			const opener = openers.pop();
			if (!opener) closers.push({ character, at });
			else if (closerOf[opener.character] !== character) return { closers, openers: [...openers, opener], wrongAt: at };
		}
	}
	return { closers, openers, wrongAt: undefined };
}

function isOpener(character: string | undefined): character is Opener {
	return character === '(' || character === '[' || character === '{';
}

export interface Open {
	readonly character: Opener;
	/** The line that it was opened on. */
	readonly line: string;
}

/** What is open where a text ends, from the outside in. Closers that make no sense are passed over. */
export function openAt(code: string): Open[] {
	const open: Open[] = [];
	for (const line of code.split('\n')) {
		const { closers, openers } = unpaired(line);
		for (const { character } of closers) {
			const match = open.findLastIndex((opener) => closerOf[opener.character] === character);
			if (match >= 0) open.length = match;
		}
		for (const { character } of openers) open.push({ character, line });
	}
	return open;
}

/** The closers of a text that close what was opened before it, in order, with the line that each stands on. */
export function closersIn(code: string): { readonly character: string; readonly line: string }[] {
	const { closers } = unpaired(code);
	return closers.map(({ character, at }) => {
		const end = code.indexOf('\n', at);
		return { character, line: code.slice(code.lastIndexOf('\n', at) + 1, end < 0 ? undefined : end) };
	});
}
