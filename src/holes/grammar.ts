import { familyOf, literalsOf } from './literals.ts';
import type { HoleQuestion } from './question.ts';

/** Languages in which a text may be between single quotes, too. */
const singleQuoted = /script|python/;
/** What is long enough to be anything is not held to a form: objects, functions, lists. */
const anything = /[<>[\]{}()]|=>|\b(?:func|fn|Func|Action|Callable|Function|Promise|Map|Set|List|Dict|Array|Object|object|any)\b/;

/**
 * The form of a value in GBNF, for engines that can be held to one: an expression of names that mean something there, members of these and
 * literals, and one character behind it that ends it. Undefined where the type admits more than that.
 */
export function valueGrammar({ type, known, languageId }: HoleQuestion): string | undefined {
	const literals = type === undefined ? undefined : literalsOf(type);
	if (known.length === 0 || (type !== undefined && !literals && anything.test(type))) return undefined;
	const family = familyOf(type);
	const isPython = languageId === 'python';
	const choices = [
		'name member*',
		...(literals ? literals.map((text) => quoted(`'${text}'`)) : []),
		...(!literals && (family === 'a number' || type === undefined) ? ['number'] : []),
		...(!literals && (family === 'a string' || type === undefined) ? ['text'] : []),
		...(!literals && (family === 'a boolean' || type === undefined) ? [isPython ? '"True" | "False"' : '"true" | "false"'] : []),
	];
	return [
		'root ::= " "? value (" "? operator " "? value)? " "? [,;)}\\]\\n]',
		`value ::= "-"? (${choices.join(' | ')})`,
		`name ::= ${known.map(quoted).join(' | ')}`,
		'member ::= "." [a-zA-Z_] [a-zA-Z0-9_]* ("(" (value (", " value)?)? ")")?',
		'number ::= [0-9] [0-9]? [0-9]? [0-9]? [0-9]? ("." [0-9]+)?',
		`text ::= "\\"" [^"\\\\\\n]* "\\""${singleQuoted.test(languageId) ? ` | "'" [^'\\\\\\n]* "'"` : ''}`,
		'operator ::= "+" | "-" | "*" | "/" | "%"',
	].join('\n');
}

function quoted(text: string): string {
	return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
