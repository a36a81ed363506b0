import { declaredNames } from './symbols.ts';

/** A declaration as another file needs to know it. */
export interface Declaration {
	/** 0-based, the last one included. */
	readonly startLine: number;
	readonly endLine: number;
	readonly text: string;
}

const most = { signatureLines: 12, shapeLines: 24, members: 24, lineLength: 300 };

/** What a value of it looks like is what matters: fields, not only a name. */
const shape =
	/^\s*(?:(?:export|default|declare|pub(?:\([^)]*\))?|public|internal|private|protected|static|typedef|const|sealed|data|readonly)\s+)*(?:interface|type|enum|struct|record|trait|union|protocol|@interface)\b/;
const holder = /^\s*(?:[\w@()]+\s+)*(?:class|object|module|impl|namespace)\b/;

/** The declaration that begins at a line: a signature without its body, a type with its fields, a class with the heads of its members. */
export function declarationAt(lines: readonly string[], startLine: number, languageId: string): Declaration {
	const first = lines[startLine] ?? '';
	if (shape.test(first)) return shapeAt(lines, startLine);
	const head = headAt(lines, startLine);
	if (!holder.test(first)) return head;
	const members = memberHeads(lines, head.endLine, languageId);
	return { ...head, text: [head.text, ...members].join('\n') };
}

function shapeAt(lines: readonly string[], startLine: number): Declaration {
	const end = endOfBlock(lines, startLine);
	const endLine = Math.min(end, startLine + most.shapeLines - 1);
	return {
		startLine,
		endLine,
		text: lines
			.slice(startLine, endLine + 1)
			.map(short)
			.join('\n'),
	};
}

/** Up to where its body begins. */
function headAt(lines: readonly string[], startLine: number): Declaration {
	const kept: string[] = [];
	let depth = 0;
	for (let line = startLine; line < Math.min(lines.length, startLine + most.signatureLines); line++) {
		const text = lines[line] ?? '';
		const { end, depth: after } = endOfHead(text, depth);
		kept.push(short(end < text.length ? text.slice(0, end).trimEnd() : text));
		if (end < text.length || (after === 0 && !/[,=(|&<]\s*$/.test(text) && !isContinued(lines[line + 1]))) {
			return { startLine, endLine: line, text: kept.join('\n') };
		}
		depth = after;
	}
	return { startLine, endLine: startLine, text: kept[0] ?? '' };
}

/** The opening brace may be on a line of its own, and so may what a function throws or a type has to fulfil. */
function isContinued(next: string | undefined): boolean {
	return next !== undefined && /^\s*(?:throws|where|extends|implements|:\s|->|\.\.\.)/.test(next);
}

/** Where the head ends in a line: before a brace that is in no parenthesis, after `=>`; at the end of the line if it does not. */
function endOfHead(text: string, depth: number): { readonly end: number; readonly depth: number } {
	for (let i = 0; i < text.length; i++) {
		const character = text.charAt(i);
		if (character === '(' || character === '[') depth++;
		else if (character === ')' || character === ']') depth = Math.max(0, depth - 1);
		else if (depth === 0 && character === '{') return { end: i, depth };
		else if (depth === 0 && character === '=' && text.charAt(i + 1) === '>') return { end: i, depth };
	}
	return { end: text.length, depth };
}

/** What a class has, each without its body, one level deep. */
function memberHeads(lines: readonly string[], headEnd: number, languageId: string): string[] {
	const end = Math.min(endOfBlock(lines, headEnd), headEnd + 400);
	const body = lines.slice(headEnd + 1, end + 1);
	const indents = body.filter((line) => line.trim() !== '').map(indentOf);
	const level = Math.min(...indents.filter((indent) => indent > indentOf(lines[headEnd] ?? '')));
	const found = new Set(declaredNames(body.join('\n'), languageId).map(({ line }) => line));
	return [...found]
		.toSorted((a, b) => a - b)
		.filter((line) => indentOf(body[line] ?? '') === level)
		.slice(0, most.members)
		.map((line) => headAt(body, line).text);
}

/** The last line of the block that a declaration opens, by indentation: the line that closes it has that of the first. */
function endOfBlock(lines: readonly string[], startLine: number): number {
	const indent = indentOf(lines[startLine] ?? '');
	let last = startLine;
	for (let line = startLine + 1; line < lines.length; line++) {
		const text = lines[line] ?? '';
		if (text.trim() === '') continue;
		if (indentOf(text) > indent) last = line;
		else if (/^\s*[{|&]/.test(text) && line - startLine < 3) last = line;
		else return /^\s*[\])}]/.test(text) && (last > startLine || line === startLine + 1) ? line : last;
	}
	return last;
}

function indentOf(text: string): number {
	return /^\s*/.exec(text)?.[0].length ?? 0;
}

function short(line: string): string {
	return line.length > most.lineLength ? `${line.slice(0, most.lineLength)}…` : line;
}
