import type { Completion, CompletionRequest, Nothing } from './completion.ts';
import { fit } from './fit.ts';
import { isOnlyClosers, leadsToText } from './gate.ts';
import { belowLine } from './window.ts';

/** Enough to tell that what follows is still the same. */
const sameness = 400;

/**
 * What is left of a completion when its first characters have been typed since it was asked for, in front of `asked`: exactly the
 * rest, byte for byte. Where the editor put something behind the cursor meanwhile (a closing bracket, a line break before one), the
 * rest goes with that, so that accepting it makes the same text anywhere on the way. Undefined when something else follows now.
 */
export function resume(completion: Completion, asked: string, typed: number, now: CompletionRequest): Completion | Nothing | undefined {
	const rest = completion.text.slice(typed);
	if (isSame(now.suffix, asked)) return unlessThere({ text: rest, replaces: completion.replaces }, now.suffix);
	if (leadsToText(now)) return besideClosers(rest, asked, now);
	const text = upToPushedDown(rest, belowLine(now.suffix), asked.slice(completion.replaces));
	return text === undefined ? undefined : (fit(text, now) ?? { reason: 'already-there', raw: rest });
}

/** In the middle of a line the editor may only have put a closer in front of what stood there. */
function besideClosers(text: string, asked: string, now: CompletionRequest): Completion | undefined {
	const added = now.suffix.slice(0, 1);
	const besides = isSame(now.suffix.slice(1), asked) && isOnlyClosers(added) ? fit(text, { ...now, suffix: added }) : undefined;
	return besides?.replaces === 1 ? besides : undefined;
}

/** A text up to what stands below the cursor's line by now: Enter in `{|}` put the `}` there. */
function upToPushedDown(text: string, below: string, after: string): string | undefined {
	if (isSame(below, belowLine(after))) return text;
	for (let length = 1; length <= Math.min(below.length, sameness); length++) {
		if (!isSame(below.slice(length), after)) continue;
		const end = text.indexOf(below.slice(0, length).split('\n', 2).join('\n'));
		return end < 0 ? undefined : text.slice(0, end);
	}
	return undefined;
}

function unlessThere(rest: Completion, suffix: string): Completion | Nothing {
	const isThere = rest.replaces > 0 && rest.text.trim() === suffix.slice(0, rest.replaces).trim();
	return isThere ? { reason: 'already-there', raw: rest.text } : rest;
}

function isSame(suffix: string, other: string): boolean {
	return suffix.slice(0, sameness) === other.slice(0, sameness);
}
