import { similarity, wordsOf } from './similarity.ts';
import type { ContextSnippet } from './snippet.ts';

/** A whole paragraph or two. */
const mostLines = 10;
const stride = 2;

/** The lines of a longer piece that have most in common with a text. The rest of it would only take room. */
export function bestPart(snippet: ContextSnippet, like: ReadonlySet<string>): ContextSnippet {
	const lines = snippet.text.split('\n');
	if (lines.length <= mostLines) return snippet;
	let best = { start: 0, score: -1 };
	for (let start = 0; start + mostLines - stride < lines.length; start += stride) {
		const score = similarity(wordsOf(lines.slice(start, start + mostLines).join('\n')), like);
		if (score > best.score) best = { start, score };
	}
	const part = lines.slice(best.start, best.start + mostLines);
	const startLine = snippet.startLine + best.start;
	return { ...snippet, startLine, endLine: startLine + part.length - 1, text: part.join('\n') };
}
