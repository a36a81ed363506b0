/** What the maker of tasks knows of a language: enough to tell code from comments, imports and text. */
interface Syntax {
	readonly comment: RegExp;
	/** What begins and ends text of several lines. */
	readonly longText: RegExp;
	/** A top-level declaration; the first group is its name. */
	readonly definition: RegExp;
	/** A part of a type, with its name in the first group. */
	readonly member?: RegExp;
}

const importLine =
	/^\s*(import\b|export\s+(\*|\{|type\s+\{).*|from\s+\S+\s+import\b|package\s|using\s|use\s|#include|require\b|\}\s*from\s)/;

const likeC: Syntax = {
	comment: /^\s*(\/\/|\/\*|\*)/,
	longText: /`/g,
	definition:
		/^(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:pub\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|class|interface|type|enum|const|let|var|struct|trait|fn|fun)\s+([\p{L}_$][\p{L}\p{N}_$]*)/u,
	member: /^\s+(?:(?:readonly|public|static|async|abstract|get|set)\s+)*([\p{L}_$][\p{L}\p{N}_$]*)\??\s*(?::\s*\S|[(<].*\{$|\(.*\):.*;$)/u,
};
const go: Syntax = {
	...likeC,
	definition: /^(?:func\s+(?:\([^)]*\)\s*)?|type\s+|var\s+|const\s+)([\p{L}_][\p{L}\p{N}_]*)/u,
	member: /^\t([\p{L}_][\p{L}\p{N}_]*)(?:\([^)]*\).*|\s+[\w.*[\]]+(?:\s+`.*)?)$/u,
};
const python: Syntax = {
	comment: /^\s*#/,
	longText: /"""|'''/g,
	definition: /^(?:async\s+)?(?:(?:def|class)\s+([A-Za-z_]\w*)|([A-Za-z_]\w*)\s*(?::[^=]+)?=[^=])/,
	member: /^\s+(?:(?:async\s+)?def\s+(\w+)|(?:self\.)?(\w+)\s*:\s*[A-Za-z"'][^=]*(?:=.*)?$|self\.(\w+)\s*=)/,
};
const ruby: Syntax = { comment: /^\s*#/, longText: /(?!)/g, definition: /^\s{0,2}(?:def|class|module)\s+(?:self\.)?([A-Za-z_]\w*)/ };

const syntaxes: Readonly<Record<string, Syntax>> = {
	c: likeC,
	cpp: likeC,
	csharp: likeC,
	dart: likeC,
	go,
	java: likeC,
	javascript: likeC,
	javascriptreact: likeC,
	kotlin: likeC,
	python,
	ruby,
	rust: likeC,
	scala: likeC,
	swift: likeC,
	typescript: likeC,
	typescriptreact: likeC,
	zig: likeC,
};

/** Whether tasks can be made of files in a language. */
export function isCode(languageId: string): boolean {
	return languageId in syntaxes;
}

/** The lines of a text that people would want completed: neither blank nor comment, import or part of a long text. */
export function codeLines(text: string, languageId: string): boolean[] {
	const { comment, longText } = syntaxes[languageId] ?? likeC;
	let isInText = false;
	let isInImport = false;
	let isInComment = false;
	return text.split('\n').map((line) => {
		const wasInText = isInText;
		if (((line.match(longText) ?? []).length & 1) === 1) isInText = !isInText;
		if (/^\s*\/\*/.test(line)) isInComment = true;
		const isComment = isInComment || comment.test(line);
		if (isInComment && line.includes('*/')) isInComment = false;
		const isImport = isInImport || importLine.test(line);
		isInImport = isImport && (isInImport || /[({]\s*$/.test(line)) && !/\bfrom\s+['"]|^\s*[)}]|;\s*$/.test(line);
		return line.trim() !== '' && !wasInText && !isInText && !isComment && !isImport;
	});
}

/** The names that a text declares for others. */
export function definitions(text: string, languageId: string): string[] {
	const { definition } = syntaxes[languageId] ?? likeC;
	return text.split('\n').flatMap((line) => {
		const [, name, other] = definition.exec(line) ?? [];
		return name ?? other ?? [];
	});
}

/** What values of every program have, so that it says nothing where it is declared. */
const common = new Set(
	[Array, String, Map, Set, Promise, Object, Function, Number, RegExp, Error, Symbol, Date].flatMap((type) => [
		...Object.getOwnPropertyNames(type),
		...Object.getOwnPropertyNames(type.prototype),
	]),
);

/** All names that a text declares: those for others, and the parts of its types. */
export function declaredNames(text: string, languageId: string): string[] {
	const { member } = syntaxes[languageId] ?? likeC;
	const members = text.split('\n').flatMap((line) => {
		const [, ...names] = member?.exec(line) ?? [];
		return names.filter((name) => name !== undefined);
	});
	return [...definitions(text, languageId), ...members].filter((name) => name.length > 3 && !common.has(name));
}
