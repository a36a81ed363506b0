import type { ContextSnippet, SnippetSource } from '../../context/snippet.ts';
import type { Entry } from '../journal.ts';

/** Why a snippet is in a prompt, for people. */
export const sources: Readonly<Record<SnippetSource, string>> = {
	definition: 'declares a name near the cursor',
	import: 'declares what the file imports',
	edit: 'was edited lately',
	view: 'was looked at lately',
	similar: 'is similar to the code around the cursor',
	diagnostic: 'has to do with a problem at the cursor',
};

/** `src/cart.ts:3–9`. */
export function placeOf({ path, startLine, endLine }: ContextSnippet): string {
	return endLine > startLine ? `${path}:${startLine + 1}–${endLine + 1}` : `${path}:${startLine + 1}`;
}

/** The page about the code from elsewhere that a model was shown, as Markdown. */
export function usedText(entry: Entry | undefined): string {
	const inquiry = entry?.outcome.inquiry;
	if (!entry || !inquiry) return '# What was used\n\nNothing yet: no answer of a model came.\n';
	const { document, position } = entry;
	const place = `${decodeURIComponent(document.uri.toString())}:${position.line + 1}:${position.character + 1}`;
	const files = new Set(inquiry.context.map(({ path }) => path));
	const head = `# What was used\n\nFor ${place}, besides the text around it: ${amountOf(inquiry.context.length, files.size)}.`;
	const parts = inquiry.context.map((snippet) => `## ${placeOf(snippet)}\n\n${reasonOf(snippet)}\n\n${block(snippet.text)}`);
	return `${[head, ...parts].join('\n\n')}\n`;
}

function amountOf(pieces: number, files: number): string {
	if (pieces === 0) return 'nothing from other places';
	return `${pieces === 1 ? 'one piece' : `${pieces} pieces`} of code from ${files === 1 ? 'one file' : `${files} files`}, in this order`;
}

function reasonOf({ source, score }: ContextSnippet): string {
	return `It ${sources[source]} (score ${score.toFixed(2)}).`;
}

/** A fence that nothing in the text can end. */
export function block(text: string): string {
	const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
	const fence = '`'.repeat(longest + 1);
	return text === '' ? '(empty)' : `${fence}text\n${text}\n${fence}`;
}
