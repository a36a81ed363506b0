import { lookUp } from '../std/look-up.ts';

interface Marks {
	readonly start: string;
	readonly end?: string;
}

const hash = { start: '# ' };
const dashes = { start: '-- ' };
const percent = { start: '% ' };
const semicolon = { start: '; ' };
const stars = { start: '/* ', end: ' */' };
const arrows = { start: '<!-- ', end: ' -->' };
const parenStars = { start: '(* ', end: ' *)' };

/** What makes a line of a language a comment, where that is not `//`. */
const marks: Readonly<Record<string, Marks>> = {
	clojure: semicolon,
	coffeescript: hash,
	css: stars,
	dockerfile: hash,
	elixir: hash,
	erlang: percent,
	graphql: hash,
	haskell: dashes,
	html: arrows,
	ini: semicolon,
	julia: hash,
	latex: percent,
	lua: dashes,
	makefile: hash,
	markdown: arrows,
	nix: hash,
	ocaml: parenStars,
	perl: hash,
	powershell: hash,
	properties: hash,
	python: hash,
	r: hash,
	ruby: hash,
	shellscript: hash,
	sql: dashes,
	svelte: arrows,
	toml: hash,
	vue: arrows,
	xml: arrows,
	yaml: hash,
};

/** A text as comment lines of a language. */
export function commentedOut(text: string, languageId: string): string {
	const { start, end = '' } = lookUp(marks, languageId) ?? { start: '// ' };
	const open = (line: string) => (end === '' ? line : line.replaceAll(end.trim(), ''));
	return text
		.split('\n')
		.map((line) => (start + open(line)).trimEnd() + end)
		.join('\n');
}
