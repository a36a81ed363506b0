import { lookUp } from '../../std/look-up.ts';

/** A name that a text declares, and the line where. */
export interface DeclaredName {
	readonly name: string;
	readonly line: number;
}

/** Words before a parenthesis that are no names, in languages where a declaration may begin with any word. */
const keywords = new Set(
	'if for while switch catch return new else do try throw typeof await yield case with function function* sizeof assert super this not in and or def elif except lambda print import from export const let var class static public private protected async get set default void delete using lock foreach when match unsafe loop'.split(
		' ',
	),
);

const javascript = [
	/^[ \t]*(?:export[ \t]+)?(?:default[ \t]+)?(?:declare[ \t]+)?(?:(?:abstract|async|const)[ \t]+)*(?:function\b[ \t]*\*?|class|interface|type|enum|namespace|module)[ \t]*\b([\w$]+)/gm,
	/^(?:export[ \t]+)?(?:declare[ \t]+)?(?:const|let|var)[ \t]+([\w$]+)/gm,
	// Methods, with a body or declared with a type.
	/^[ \t]+(?:(?:public|private|protected|static|readonly|async|override|abstract|get|set|declare)[ \t]+)*\*?[ \t]*(#?[\w$]+)\??[ \t]*(?:<[^>\n]*>)?\((?:[^\n]*(?:\{|\)[ \t]*:[^\n]*;))?[ \t]*$/gm,
	/^[ \t]*(?:module\.)?(?:exports|[\w$]+\.prototype|[\w$]+)\.([\w$]+)[ \t]*=[ \t]*(?:async\b|function\b|class\b|\([^\n]*=>)/gm,
	/^[ \t]+(#?[\w$]+)[ \t]*[:=][ \t]*(?:async[ \t]*)?(?:function\b|\([^\n]*=>)/gm,
];
const python = [/^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)/gm, /^([A-Za-z_]\w*)[ \t]*(?::[^=\n]*)?=(?!=)/gm];
const go = [/^func[ \t]+(?:\([^)\n]*\)[ \t]*)?(\w+)/gm, /^(?:type|var|const)[ \t]+(\w+)/gm, /^\t(\w+)[ \t]+(?:struct|interface)\b/gm];
const rust = [
	/^[ \t]*(?:pub(?:\([^)\n]*\))?[ \t]+)?(?:(?:default|const|async|unsafe|extern(?:[ \t]+"[^"\n]*")?)[ \t]+)*(?:fn|struct|enum|union|trait|type|mod|const|static(?:[ \t]+mut)?|macro_rules!)[ \t]+(\w+)/gm,
];
const types =
	/^[ \t]*(?:@\w+[ \t]+)*(?:(?:public|protected|private|internal|static|final|abstract|sealed|partial|readonly|ref|unsafe|non-sealed|strictfp|data|open|inline|value|inner|annotation|expect|actual|override|lateinit|suspend|tailrec|operator|infix|case|implicit|lazy|export|default)[ \t]+)*(?:class|interface|@interface|enum(?:[ \t]+class)?|record(?:[ \t]+(?:class|struct))?|struct|delegate|trait|object|protocol|extension|typealias|namespace|fun|func|def|val|mixin|module|impl)[ \t]+(?:self\.)?(\w+[?!]?)/gm;
const java = [
	types,
	/^[ \t]+(?:@\w+[ \t]+)*(?:(?:public|protected|private|internal|static|final|abstract|virtual|override|sealed|async|synchronized|native|default|extern|unsafe|new|partial|readonly)[ \t]+)*(?:<[^\n(]*>[ \t]*)?(?!return\b|throw\b|else\b|await\b|new\b|yield\b|using\b)[A-Za-z_][\w.]*(?:<[^\n()=;]*>)?(?:\[\])*\??[ \t]+(\w+)(?:<[^\n(]*>)?[ \t]*\([^;\n]*(?:;|\{[^\n]*|,|=>[^\n]*|throws[^\n]*)?[ \t]*$/gm,
	/^[ \t]+(?:(?:public|protected|private|internal|static|final|const|readonly|volatile)[ \t]+)+[A-Za-z_][\w.]*(?:<[^\n()=;]*>)?(?:\[\])*\??[ \t]+(\w+)[ \t]*(?:[=;{]|=>)/gm,
];
const c = [
	/^#[ \t]*define[ \t]+(\w+)/gm,
	/^[ \t]*(?:template[^\n]*>[ \t]*)?(?:typedef[ \t]+)?(?:struct|class|enum(?:[ \t]+(?:class|struct))?|union|namespace|concept)[ \t]+(?:[A-Z][A-Z0-9_]*[ \t]+)?(\w+)(?=[^;()\n]*$|[ \t]*[:{])/gm,
	/^(?:typedef[^;\n]*?|\}[ \t]*)\b(\w+)[ \t]*;/gm,
	/^[ \t]*using[ \t]+(\w+)[ \t]*=/gm,
	// A function: what it returns, its name, and parameters that nothing but a body, a semicolon or another line follows.
	/^(?!return\b|else\b|typedef\b|throw\b|case\b|goto\b|delete\b|new\b|using\b)[ \t]*[A-Za-z_][\w:<>,*& \t]*?[ \t*&](?:\w+::)*(~?\w+)[ \t]*\((?![^\n]*\)[ \t]*\.)[^;=\n]*(?:[,){]|\)[^;\n]*;)[ \t]*$/gm,
];
const other = [
	types,
	/^[ \t]*(?:(?:public|protected|private|static|final|abstract|local|pub)[ \t]+)*(?:function|sub|proc|defp?|defmodule|defmacrop?|data|newtype|type|const|procedure)[ \t]+(?:self\.|[\w.]+[.:])?(\w+[?!]?)/gm,
	/^(\w[\w-]*)[ \t]*\(\)[ \t]*\{/gm,
];

const languages: Readonly<Record<string, readonly RegExp[]>> = {
	typescript: javascript,
	typescriptreact: javascript,
	javascript,
	javascriptreact: javascript,
	svelte: javascript,
	vue: javascript,
	python,
	go,
	rust,
	java,
	csharp: java,
	dart: java,
	c,
	cpp: c,
};

/** No declaration is that long, and a pattern would take long to see that. */
const longestLine = 400;

/** Where a word of its own begins every declaration, nothing is taken for one. */
const withoutCalls = new Set(['python', 'go', 'rust']);

/** Languages in which nothing is declared that code could name. */
const withoutNames = new Set(['markdown', 'plaintext', 'json', 'yaml', 'toml', 'xml', 'html', 'css', 'scss', 'sql']);

/** The names that a text declares, by patterns: fast, and right for code as most people write it. In the order of the patterns. */
export function declaredNames(text: string, languageId: string): DeclaredName[] {
	if (withoutNames.has(languageId)) return [];
	const found: DeclaredName[] = [];
	const short = withoutLongLines(text);
	const isName = withoutCalls.has(languageId) ? () => true : (word: string) => !keywords.has(word);
	for (const pattern of lookUp(languages, languageId) ?? other) collect(short, pattern, isName, found);
	return found;
}

/** The lines stay where they are. */
function withoutLongLines(text: string): string {
	let kept = '';
	let from = 0;
	for (let at = 0; at < text.length; ) {
		const newline = text.indexOf('\n', at);
		const end = newline < 0 ? text.length : newline;
		if (end - at > longestLine) {
			kept += text.slice(from, at);
			from = end;
		}
		at = end + 1;
	}
	return from === 0 ? text : kept + text.slice(from);
}

function collect(text: string, pattern: RegExp, isName: (word: string) => boolean, found: DeclaredName[]): void {
	let line = 0;
	let counted = 0;
	for (const match of text.matchAll(pattern)) {
		const name = match[1];
		if (name === undefined || !isName(name)) continue;
		const at = match.index + match[0].lastIndexOf(name);
		line += newlines(text, counted, at);
		counted = at;
		found.push({ name, line });
	}
}

function newlines(text: string, from: number, to: number): number {
	let count = 0;
	for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
	return count;
}
