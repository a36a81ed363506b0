import { lookUp } from '../std/look-up.ts';
import { unpaired } from './brackets.ts';
import { pairsBrackets } from './lexicon.ts';
import { currentLine, filledLinesBelow, indentation, isBlank } from './lines.ts';
import { onlyCode } from './scan.ts';

/** How the text around a cursor is nested. */
export interface Block {
	/** A block opens at the cursor, so that what follows may begin on the next line. */
	readonly opens: boolean;
	/** Columns at which the statement begins that the cursor's line belongs to. */
	readonly indent: number;
	/** Its end is there already, below the cursor. */
	readonly hasEnd: boolean;
}

const keywords = /\b(then|do|else)$/;

/** What opens a block at the end of a line, but brackets and arrows, which do everywhere. */
const openers: Readonly<Record<string, RegExp>> = {
	elixir: /\b(do|else|fn|rescue|after)$/,
	haskell: /(\b(where|do|of|let|then|else)|=)$/,
	html: /<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)[a-z][^<>]*(?<!\/)>$/i,
	julia: /^\s*(function|for|while|if|elseif|else|begin|let|(mutable )?struct|module|try|catch|finally|macro|quote)\b|\bdo( .*)?$/,
	lua: /(\b(then|do|else|repeat)|\bfunction\b[^()]*\([^()]*\))$/,
	python: /^\s*(async\s+)?(def|class|if|elif|else|for|while|with|try|except|finally|match|case)\b.*:$/,
	ruby: /^\s*(private |protected )?(def|class|module|if|unless|while|until|case|begin|for|else|elsif|ensure|rescue|when)\b(?!.*\bend$)|\bdo(\s*\|[^|]*\|)?$/,
	shellscript: /(\b(then|do|else)|\bin|\))$/,
	sql: /\b(begin|then|else|loop)$/i,
	yaml: /:$/,
};
const cases = /^\s*(case\b.*|default|public|private|protected)\s*:$/;
/** `if (a)`, `else`, with nothing behind. */
const headers = /^\s*(\}\s*)?(if|else if|for|foreach|while|switch|else|do|try|catch|finally)\b\s*(\(.*\))?\s*$/;
const alike: Readonly<Record<string, string>> = { xml: 'html', vue: 'html', svelte: 'html', crystal: 'ruby' };
/** Where a block ends in a line of its own: `}`, `end`, `</p>`. Also what goes on with another block: `else`. */
const ends = /^\s*([)\]}]|(end|fi|done|esac|else|elif|elsif|except|catch|finally|rescue|when|until)\b|<\/)/;

export function blockAt(prefix: string, suffix: string, languageId: string): Block {
	const line = currentLine(prefix);
	if (isBlank(line)) return { opens: false, indent: indentation(line), hasEnd: false };
	const code = onlyCode(prefix, languageId);
	const end = statementEnd(code, languageId);
	const start = code.lastIndexOf('\n', end - 1) + 1;
	// What ends in a comment or a string is blank in the code.
	const isCode = currentLine(code).trimEnd().length === line.trimEnd().length;
	const opens = isCode && opensBlock(code.slice(start).replaceAll('\n', ' '), languageId);
	const indent = indentation(prefix.slice(start));
	return { opens, indent, hasEnd: opens && hasEnd(suffix, indent) };
}

/** Whether a line begins something that goes on below: a block, or a statement whose block is still to come. */
export function beginsBlock(line: string, languageId: string): boolean {
	const code = onlyCode(line, languageId);
	return opensBlock(code, languageId) || (pairsBrackets(languageId) && headers.test(code));
}

/** Whether a line of code opens a block at its end. */
function opensBlock(code: string, languageId: string): boolean {
	const line = code.trimEnd();
	if (/([{[]|[=-]>)$/.test(line)) return true;
	const opener = lookUp(openers, lookUp(alike, languageId) ?? languageId);
	return opener ? opener.test(line) : keywords.test(line) || (pairsBrackets(languageId) && cases.test(line));
}

/** Where the line ends on which the brackets were opened that the last line closes: `foo(\n\ta) {`. */
function statementEnd(code: string, languageId: string): number {
	const last = currentLine(code);
	if (!pairsBrackets(languageId) || unpaired(last).closers.length === 0) return code.length;
	let start = code.length - last.length;
	for (let lines = 0; lines < 50 && start > 0; lines++) {
		start = code.lastIndexOf('\n', start - 2) + 1;
		if (unpaired(code.slice(start)).closers.length === 0) return code.indexOf('\n', start);
	}
	return code.length;
}

/** Whether the first line below that is not deeper ends a block of this indentation. */
function hasEnd(suffix: string, indent: number): boolean {
	const line = filledLinesBelow(suffix, 100).find((below) => indentation(below) <= indent);
	return line !== undefined && indentation(line) === indent && ends.test(line);
}
