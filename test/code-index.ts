import type { CodeIndex, Definition, IndexQuery } from '../src/context/code-index.ts';
import { similarity, wordsOf } from '../src/context/similarity.ts';
import type { ContextSnippet } from '../src/context/snippet.ts';

/** An index of a few texts: a line that begins with `function`, `class`, `interface` or `def` declares, and a text is a chunk. */
export function indexOf(files: Readonly<Record<string, string>>): CodeIndex {
	const declared = Object.entries(files).flatMap(([path, text]) => declarations(path, text));
	return {
		search: async ({ text, path, limit }: IndexQuery) => {
			const words = wordsOf(text);
			const chunks = Object.entries(files).map(
				([file, chunk]): ContextSnippet => ({
					path: file,
					startLine: 0,
					endLine: chunk.split('\n').length - 1,
					text: chunk,
					source: 'similar',
					score: similarity(words, wordsOf(chunk)),
				}),
			);
			return chunks
				.filter((chunk) => chunk.path !== path && chunk.score > 0)
				.sort((a, b) => b.score - a.score)
				.slice(0, limit);
		},
		definitions: async (names, path) => declared.filter((one) => one.path !== path && names.includes(one.name)),
	};
}

function declarations(path: string, text: string): Definition[] {
	return text.split('\n').flatMap((line, startLine) => {
		const name = /^(?:export )?(?:function|class|interface|def) (\w+)/.exec(line)?.[1];
		return name ? [{ name, path, startLine, endLine: startLine, text: line }] : [];
	});
}
