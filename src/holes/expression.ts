import { untilMark } from '../completion/marks.ts';
import { onlyCode, openStretch } from '../completion/scan.ts';

/** An expression that a model writes, and whether nothing that may still come belongs to it. */
interface Expression {
	readonly text: string;
	readonly isComplete: boolean;
}

/**
 * The first expression of an answer: what follows a comma, a closer of what is around it, or the end of its line is somebody else's. A model
 * that says the parameter's name first (`height=2`, `height: 2`) means its value.
 */
export function firstExpression(
	raw: string,
	name: string,
	languageId: string,
	specialTokens: readonly string[],
	isFinal: boolean,
): Expression {
	const said = untilMark(raw, specialTokens, isFinal);
	const lead = /^\s*(?:\/\*.*?\*\/\s*)?/.exec(said.text)?.[0].length ?? 0;
	const text = said.text.slice(lead);
	const end = endOf(onlyCode(text, languageId));
	if (end === undefined && !said.isComplete) return { text, isComplete: false };
	return { text: withoutName(withoutRemark(text.slice(0, end), languageId).trim(), name), isComplete: true };
}

/** In code without strings and comments. */
function endOf(code: string): number | undefined {
	let depth = 0;
	for (let at = 0; at < code.length; at++) {
		const character = code.charAt(at);
		if ('([{'.includes(character)) depth += 1;
		else if (')]}'.includes(character)) depth -= 1;
		if (depth < 0 || (depth === 0 && /[,;\n]/.test(character))) return at;
	}
	return undefined;
}

function withoutRemark(text: string, languageId: string): string {
	const open = openStretch(text, languageId);
	return open?.kind === 'comment' ? text.slice(0, open.start) : text;
}

function withoutName(text: string, name: string): string {
	const match = /^([\w$]+)\s*[:=](?![:=>])\s*(?=\S)/.exec(text);
	return match?.[1] === name ? text.slice(match[0].length) : text;
}
