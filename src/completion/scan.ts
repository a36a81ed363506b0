import { type Lexicon, lexiconOf, type Mark } from './lexicon.ts';

/** A comment or a string in a text. */
interface Stretch {
	readonly kind: Mark['kind'];
	readonly start: number;
	readonly end: number;
	/** The text ends in the middle of it. */
	readonly isOpen: boolean;
}

/** Comments and strings of a text that begins in code, in order. Linear, without a grammar, and right but for oddities. */
export function* stretches(text: string, languageId: string): Generator<Stretch> {
	const lexicon = lexiconOf(languageId);
	const starts = startOf(lexicon);
	starts.lastIndex = 0;
	for (let found = starts.exec(text); found; found = starts.exec(text)) {
		const mark = lexicon[found.slice(1).findIndex((group) => group !== undefined)];
		if (!mark) return;
		mark.body.lastIndex = starts.lastIndex;
		const [body = '', closer] = mark.body.exec(text) ?? [];
		const end = starts.lastIndex + body.length;
		yield { kind: mark.kind, start: found.index, end, isOpen: closer === undefined && end === text.length };
		starts.lastIndex = Math.max(end, found.index + 1);
	}
}

/** The text with spaces in place of what is in comments and strings; the same length, the same lines. */
export function onlyCode(text: string, languageId: string): string {
	let code = '';
	let at = 0;
	for (const { start, end } of stretches(text, languageId)) {
		code += text.slice(at, start) + text.slice(start, end).replaceAll(/[^\n]/g, ' ');
		at = end;
	}
	return code + text.slice(at);
}

const startsOf = new WeakMap<Lexicon, RegExp>();

/** One expression for all that may begin; the group that took part says which it was. */
function startOf(lexicon: Lexicon): RegExp {
	const known = startsOf.get(lexicon);
	if (known) return known;
	const starts = new RegExp(lexicon.map(({ start }) => `(${start.source})`).join('|'), 'gm');
	startsOf.set(lexicon, starts);
	return starts;
}
