import type { ModelFacts } from '../model/language-model.ts';
import type { CompletionRequest } from './completion.ts';
import { indentation, type Shape } from './cut.ts';
import { lineRest } from './gate.ts';

/** Milliseconds that an answer may take to generate, once its first token is there. */
const patience = { automatic: 1500, manual: 6000 };
const tokensPerLine = 12;
/** Models slower than this per token answer typing with a single line. */
const slowStepMs = 25;
const mostLines = { automatic: 12, manual: 24 };
/** Generous, because a suggestion cut in its middle is worse than none. */
const tokensOfFirstLine = 96;
const tokensOfFurtherLine = 24;

/** How much to ask for: a block where one opens, on an empty line and on demand; a line everywhere else and on slow machines. */
export function shapeAt(request: CompletionRequest, { speed }: ModelFacts): Shape {
	const line = request.prefix.slice(request.prefix.lastIndexOf('\n') + 1);
	const opensBlock = /(\{|\[|:|=>|\bthen|\bdo|\belse)\s*$/.test(line) && /^\s*[)\]}]*[;,]?\s*$/.test(lineRest(request.suffix));
	const wantsBlock = opensBlock || line.trim() === '' || request.trigger === 'manual';
	const stepMs = speed.stepMs ?? slowStepMs;
	const isSlow = request.trigger === 'automatic' && stepMs > slowStepMs;
	const linesInTime = Math.floor(patience[request.trigger] / (stepMs * tokensPerLine));
	const maxLines = wantsBlock && !isSlow ? Math.min(mostLines[request.trigger], Math.max(3, linesInTime)) : 1;
	return { maxLines, opensBlock, indent: indentation(line) };
}

export function tokensFor({ maxLines }: Shape): number {
	return tokensOfFirstLine + (maxLines - 1) * tokensOfFurtherLine;
}
