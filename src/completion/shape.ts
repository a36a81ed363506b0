import type { ModelFacts } from '../model/language-model.ts';
import { blockAt } from './block.ts';
import { isInComment } from './comment.ts';
import type { CompletionRequest } from './completion.ts';
import type { Shape } from './cut.ts';
import { isOnlyClosers, lineRest } from './gate.ts';
import { landmarkAt } from './landmark.ts';
import { layoutAt } from './layout.ts';
import { pairsBrackets } from './lexicon.ts';
import { currentLine, isBlank } from './lines.ts';
import { openStretch } from './scan.ts';

/** How much to suggest while somebody types: never more than a line, a block wherever one fits, or what the machine has in time. */
export type Eagerness = 'line' | 'block' | 'auto';

/** Milliseconds that an answer may take to generate, once its first token is there. */
const patience = { line: 1500, auto: 1500, block: 6000, manual: 6000, body: 20_000 };
const tokensPerLine = 12;
/** Models slower than this per token answer typing with a single line. */
const slowStepMs = 25;
const leastLines = 3;
const mostLines = { line: 1, auto: 12, block: 24, manual: 24, body: 48 };
/** Generous, because a suggestion cut in its middle is worse than none. */
const tokensOfFirstLine = 96;
const tokensOfFurtherLine = 24;

/** How much to ask for: a block where one opens, on an empty line and on demand; a line everywhere else and on slow machines. */
export function shapeAt(request: CompletionRequest, { speed }: ModelFacts, eagerness: Eagerness = 'auto'): Shape {
	const { prefix, suffix, languageId, trigger } = request;
	const block = blockAt(prefix, suffix, languageId);
	const isEmptyLine = isBlank(currentLine(prefix));
	const isCode = openStretch(prefix, languageId) === undefined;
	// Who has looked for context wants all of a body.
	const isWhole = request.context !== undefined && trigger === 'manual';
	const wish = isWhole ? 'body' : trigger === 'manual' ? 'manual' : eagerness;
	const opensBlock = block.opens && endsHere(suffix);
	const wantsBlock = opensBlock || trigger === 'manual' || (isEmptyLine && !isInComment(prefix, languageId));
	return {
		maxLines: wantsBlock ? linesInTime(wish, speed.stepMs ?? slowStepMs) : 1,
		opensBlock,
		languageId: isCode ? languageId : undefined,
		indent: block.indent,
		hasEnd: block.hasEnd,
		takesParagraphs: isWhole || (opensBlock && (wish === 'manual' || wish === 'block')),
		isEmptyLine,
		layout: layoutAt(prefix, suffix, languageId, request.indentUnit),
		echoes: echoesAt(prefix),
		landmark: landmarkAt(request),
		joins: joinsAt(prefix, isCode && (pairsBrackets(languageId) || languageId === 'python')),
		hasFences: /^(markdown|mdx|quarto|rmd|restructuredtext)$/.test(languageId) || prefix.includes('```'),
	};
}

export function tokensFor({ maxLines }: Shape): number {
	return tokensOfFirstLine + (maxLines - 1) * tokensOfFurtherLine;
}

function linesInTime(wish: keyof typeof patience, stepMs: number): number {
	if (wish === 'auto' && stepMs > slowStepMs) return 1;
	const lines = Math.floor(patience[wish] / (stepMs * tokensPerLine));
	return Math.min(mostLines[wish], Math.max(leastLines, lines));
}

/** Nothing stands behind the cursor but what an answer may bring itself: closers, and the end of an element. */
function endsHere(suffix: string): boolean {
	const rest = lineRest(suffix);
	return isOnlyClosers(rest) && !/[^\s].*<\//.test(rest);
}

/** What models say again: the line so far, what begins a comment, the word so far. */
function echoesAt(prefix: string): string[] {
	const line = currentLine(prefix).trimStart();
	const isComment = /^(\/\/+!?|\/\*\*?|#+|--|\*|;+|%+|>)\s$/.test(line);
	const isEcho = isComment || (line.length >= 4 && /[\p{L}\p{N}_]{3}/u.test(line) && !line.startsWith('</'));
	const word = /[\p{L}_$][\p{L}\p{N}_$]{2,}$/u.exec(line)?.[0];
	return [...(isEcho ? [line] : []), ...(word ? [word] : [])];
}

/** Behind white space, and in code where something was begun: `a.|`, `f(|`. Who sets spaces inside brackets is left to it. */
function joinsAt(prefix: string, isCode: boolean): boolean {
	const line = currentLine(prefix);
	if (isBlank(line)) return false;
	if (/[ \t]$/.test(line)) return true;
	return isCode && (/(\w\??\.|[)\]]\.|::|->)$/.test(line) || (/[([]$/.test(line) && !/[([] \S/.test(prefix)));
}
