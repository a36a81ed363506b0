import { lookUp } from '../std/look-up.ts';

/** What begins a comment or a string. */
export interface Mark {
	readonly kind: 'comment' | 'text';
	readonly start: RegExp;
	/** From behind the start to the end, which is in the first group; without it the mark is open. Matches anything. */
	readonly body: RegExp;
	/** What ends it, if it may go over several lines. */
	readonly closer?: string;
}

/** What is not code in a language. Where two marks could begin, the first one does. */
export type Lexicon = readonly Mark[];

const line = (start: RegExp): Mark => ({ kind: 'comment', start, body: /.*/y });
const block = (start: RegExp, body: RegExp, closer?: string): Mark => ({ kind: 'comment', start, body, ...(closer && { closer }) });
const text = (start: RegExp, body: RegExp, closer?: string): Mark => ({ kind: 'text', start, body, ...(closer && { closer }) });

const slashes = line(/\/\//);
const hash = line(/#/);
/** `$#` and `a#b` are no comments. */
const looseHash = line(/(?<=^|[\s;])#/);
const dashes = line(/--/);
const stars = block(/\/\*/, /.*?(?:(\*\/)|$)/sy, ' */');
const arrows = block(/<!--/, /.*?(?:(-->)|$)/sy, ' -->');
/** A line break ends these as well: what is not closed by then is an apostrophe. */
const double = text(/"/, /(?:\\.|[^"\\\n]+)*(")?/y);
const single = text(/'/, /(?:\\.|[^'\\\n]+)*(')?/y);
const ticks = text(/`/, /[^`]*(`)?/y);
const triple = text(/"""/, /(?:\\.|[^"\\]+|(?!""")")*(""")?/sy, '"""');
const tripleSingle = text(/'''/, /(?:\\.|[^'\\]+|(?!''')')*(''')?/sy, "'''");
/** `'a'`, but neither the lifetime `'a` nor the name `a'`. */
const character = text(/(?<![\w'])'(?=\\.|[^\\\n]')/, /(?:\\.[^'\n]*|.)(')?/sy);
/** With one level of `${…}`, where there may be ticks again. */
const template = text(/`/, /(?:\\.|\$\{[^}]*(?:\}|$)|[^`\\$]+|\$)*(`)?/sy);
/** A slash where nothing can be divided. */
const pattern = text(/(?<=(?:^|[(,=:[!&|?{};]|\breturn)\s*)\/(?![/*])/, /(?:\\.|\[(?:\\.|[^\]\\\n])*(?:\]|$)|[^/\\\n[])*(\/)?/my);
/** Only behind `name=` does a quote begin something. */
const attributes = [text(/(?<=[\w-]=)"/, /[^"]*(")?/y), text(/(?<=[\w-]=)'/, /[^']*(')?/y)];
const parenStars = block(/\(\*(?!\))/, /.*?(?:(\*\))|$)/sy);

const cLike: Lexicon = [stars, slashes, double, single];
const tripled: Lexicon = [stars, slashes, triple, double, single];
const scripted: Lexicon = [stars, slashes, double, single, template, pattern];
const hashed: Lexicon = [hash, double, single];
const shell: Lexicon = [looseHash, double, single];
const markup: Lexicon = [arrows, ...attributes];

const lexicons: Readonly<Record<string, Lexicon>> = {
	c: cLike,
	clojure: [line(/;/), double],
	cpp: cLike,
	csharp: tripled,
	css: [stars, double, single],
	cuda: cLike,
	dart: tripled,
	dockerfile: shell,
	elixir: [hash, triple, double],
	erlang: [line(/%/), double],
	fsharp: [parenStars, slashes, triple, double, character],
	go: [stars, slashes, ticks, double, single],
	graphql: [hash, triple, double],
	groovy: tripled,
	haskell: [block(/\{-/, /.*?(?:(-\})|$)/sy), dashes, double, character],
	html: markup,
	ini: [line(/(?<=^[ \t]*)[;#]/)],
	java: tripled,
	javascript: scripted,
	javascriptreact: scripted,
	json: [double],
	jsonc: [stars, slashes, double],
	julia: [block(/#=/, /.*?(?:(=#)|$)/sy), hash, triple, double, character],
	kotlin: tripled,
	latex: [line(/(?<!\\)%/)],
	less: cLike,
	lua: [block(/--\[\[/, /.*?(?:(\]\])|$)/sy), dashes, text(/\[\[/, /.*?(?:(\]\])|$)/sy), double, single],
	makefile: shell,
	markdown: markup,
	nix: [stars, hash, text(/''/, /.*?(?:('')|$)/sy), double],
	'objective-c': cLike,
	ocaml: [parenStars, double, character],
	perl: shell,
	php: [stars, slashes, line(/#(?!\[)/), double, single],
	powershell: [block(/<#/, /.*?(?:(#>)|$)/sy), hash, double, single],
	proto3: cLike,
	python: [hash, triple, tripleSingle, double, single],
	r: hashed,
	ruby: [block(/(?<=^)=begin\b/, /.*?(?:(\n=end\b)|$)/sy), looseHash, double, single],
	rust: [stars, slashes, text(/r#"/, /.*?(?:("#)|$)/sy), text(/"/, /(?:\\.|[^"\\]+)*(")?/sy), character],
	scala: [stars, slashes, triple, double, character],
	scss: cLike,
	shellscript: shell,
	sql: [stars, dashes, single, double],
	svelte: [arrows, ...scripted],
	swift: [stars, slashes, triple, double],
	terraform: [stars, slashes, hash, double],
	toml: [hash, triple, double, single],
	typescript: scripted,
	typescriptreact: scripted,
	vue: [arrows, ...scripted],
	xml: markup,
	yaml: shell,
	zig: [slashes, double, single],
};

/** Languages in which brackets always come in pairs, but in strings and comments, as far as a lexicon can tell. */
const paired = new Set(
	'c cpp csharp css cuda dart elixir erlang go graphql groovy java javascript javascriptreact json jsonc julia kotlin less lua nix objective-c php proto3 python r rust scala scss sql swift terraform typescript typescriptreact zig'.split(
		' ',
	),
);

export function pairsBrackets(languageId: string): boolean {
	return paired.has(languageId);
}

/** Strings at least. */
const unknown: Lexicon = [double, single];

export function lexiconOf(languageId: string): Lexicon {
	return lookUp(lexicons, languageId) ?? unknown;
}
