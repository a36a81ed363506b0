import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Edit, Language, Parser, Point, Tree } from 'web-tree-sitter';
import type { Parse, SyntaxNode, SyntaxTree } from './syntax.ts';

type TreeSitter = typeof import('web-tree-sitter');

/** The file of each language, as VS Code names languages. */
const files: Readonly<Record<string, string>> = {
	typescript: 'tree-sitter-typescript.wasm',
	typescriptreact: 'tree-sitter-tsx.wasm',
	javascript: 'tree-sitter-javascript.wasm',
	javascriptreact: 'tree-sitter-javascript.wasm',
	python: 'tree-sitter-python.wasm',
	go: 'tree-sitter-go.wasm',
	java: 'tree-sitter-java.wasm',
	rust: 'tree-sitter-rust.wasm',
	c: 'tree-sitter-cpp.wasm',
	cpp: 'tree-sitter-cpp.wasm',
	csharp: 'tree-sitter-c_sharp.wasm',
};

/**
 * The grammars in a folder, `dist/grammars`, where the build puts them together with the library that runs them. Nothing is loaded before
 * it is asked for, and everything once: a workspace in Python never pays for C++.
 */
export class Grammars {
	readonly #folder: string;
	readonly #parsers = new Map<string, Promise<Parse>>();
	#library: Promise<TreeSitter> | undefined;

	constructor(folder: string) {
		this.#folder = folder;
	}

	/** The parser of a language, or undefined where there is none. Rejects when a file of ours is missing or damaged. */
	async parser(languageId: string): Promise<Parse | undefined> {
		const file = Object.hasOwn(files, languageId) ? files[languageId] : undefined;
		if (file === undefined) return undefined;
		const known = this.#parsers.get(file);
		if (known !== undefined) return known;
		const loading = this.#load(file);
		this.#parsers.set(file, loading);
		return loading;
	}

	async #load(file: string): Promise<Parse> {
		this.#library ??= loadLibrary(this.#folder);
		const library = await this.#library;
		const language = await library.Language.load(join(this.#folder, file));
		return parserOf(library, language);
	}
}

async function loadLibrary(folder: string): Promise<TreeSitter> {
	// By its path, because it has to stay out of the bundle: it is as large as all of the rest, and few need it.
	const library: TreeSitter = createRequire(join(folder, 'web-tree-sitter.cjs'))('./web-tree-sitter.cjs');
	await library.Parser.init({ locateFile: (name: string) => join(folder, name) });
	return library;
}

function parserOf({ Parser, Edit }: TreeSitter, language: Language): Parse {
	const parser = new Parser();
	parser.setLanguage(language);
	return (text) => new ParsedText(parser, Edit, text, treeOf(parser, text));
}

/** What the library returns where it was told to stop or has no language; neither happens here. */
function treeOf(parser: Parser, text: string, old?: Tree): Tree {
	const tree = parser.parse(text, old);
	if (tree === null) throw new Error('The parser returned no tree.');
	return tree;
}

class ParsedText implements SyntaxTree {
	readonly #parser: Parser;
	readonly #Edit: typeof Edit;
	readonly #text: string;
	readonly #tree: Tree;

	constructor(parser: Parser, edit: typeof Edit, text: string, tree: Tree) {
		this.#parser = parser;
		this.#Edit = edit;
		this.#text = text;
		this.#tree = tree;
	}

	get root(): SyntaxNode {
		return this.#tree.rootNode;
	}

	edited(start: number, end: number, newText: string): SyntaxTree {
		const text = this.#text.slice(0, start) + newText + this.#text.slice(end);
		const newEnd = start + newText.length;
		const old = this.#tree.copy();
		old.edit(
			new this.#Edit({
				startIndex: start,
				oldEndIndex: end,
				newEndIndex: newEnd,
				startPosition: pointAt(this.#text, start),
				oldEndPosition: pointAt(this.#text, end),
				newEndPosition: pointAt(text, newEnd),
			}),
		);
		try {
			return new ParsedText(this.#parser, this.#Edit, text, treeOf(this.#parser, text, old));
		} finally {
			old.delete();
		}
	}

	[Symbol.dispose](): void {
		this.#tree.delete();
	}
}

function pointAt(text: string, offset: number): Point {
	let row = 0;
	let lineStart = 0;
	for (let next = text.indexOf('\n'); next !== -1 && next < offset; next = text.indexOf('\n', next + 1)) {
		row++;
		lineStart = next + 1;
	}
	return { row, column: offset - lineStart };
}
