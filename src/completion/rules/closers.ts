import { type Bracket, closerOf, closersIn, type Open, openAt, unpaired } from '../brackets.ts';
import type { CompletionRequest } from '../completion.ts';
import { lineRest } from '../gate.ts';
import { pairsBrackets } from '../lexicon.ts';
import { indentation } from '../lines.ts';
import { onlyCode } from '../scan.ts';
import { belowLine } from '../window.ts';
import type { Rule } from './rule.ts';

/** An answer ends before it closes with the wrong bracket. */
export const withoutWrongClosers: Rule = (text, request) => {
	if (!pairsBrackets(request.languageId)) return text;
	const { closers, wrongAt, open } = bracketsOf(text, request);
	const wrong = closers.find(({ character }, index) => isOfOtherKind(character, open.at(-1 - index)));
	const end = Math.min(wrong?.at ?? text.length, wrongAt ?? text.length);
	return end === text.length ? text : text.slice(0, end).trimEnd() || { reason: 'does-not-fit' };
};

/** An answer ends before it closes what is closed below already. */
export const withoutClosersBelow: Rule = (text, request) => {
	if (!pairsBrackets(request.languageId)) return text;
	const { closers, open } = bracketsOf(text, request);
	// Those after the cursor may come again, the answer replaces them.
	const free = [...lineRest(request.suffix).replaceAll(/[^)\]}]/g, '')];
	const surplus = closers.find(({ character }, index) => {
		if (free[0] === character) return free.shift() === undefined;
		const opener = open.at(-1 - index);
		return opener !== undefined && isClosedBelow(opener, request);
	});
	return surplus ? text.slice(0, surplus.at).trimEnd() || { reason: 'already-there' } : text;
};

interface Brackets {
	/** Of the answer, those that close what was open before it. */
	readonly closers: readonly Bracket[];
	readonly wrongAt: number | undefined;
	readonly open: readonly Open[];
}

function bracketsOf(text: string, { prefix, languageId }: CompletionRequest): Brackets {
	const code = onlyCode(prefix + text, languageId);
	const { closers, wrongAt } = unpaired(code.slice(prefix.length));
	return { closers, wrongAt, open: openAt(code.slice(0, prefix.length)) };
}

function isOfOtherKind(closer: string, opener: Open | undefined): boolean {
	return opener !== undefined && closerOf[opener.character] !== closer;
}

/** The next thing that is closed below is what was opened there: of its kind, and as deep. */
function isClosedBelow(opener: Open, { suffix, languageId }: CompletionRequest): boolean {
	const [next] = closersIn(onlyCode(belowLine(suffix), languageId));
	return next !== undefined && !isOfOtherKind(next.character, opener) && indentation(opener.line) === indentation(next.line);
}
