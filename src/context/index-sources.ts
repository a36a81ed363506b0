import { bestPart } from './best-part.ts';
import type { CodeIndex, Definition } from './code-index.ts';
import type { Place, Source } from './finder.ts';
import { importedNames } from './imports.ts';
import { namesNear } from './names.ts';
import { wordsOf } from './similarity.ts';
import type { ContextSnippet, SnippetSource } from './snippet.ts';

/** An index answers in a millisecond; when it is just being made, in a moment. */
const deadlineMs = 300;
const mostNames = 24;
const mostImports = 40;
const mostSimilar = 12;
/** Around the cursor, in characters. */
const similarTo = { before: 250, after: 100 };

/** What an index knows of a place: declarations of the names around it and of what the file imports, and code that is similar to it. */
export function indexSources(index: CodeIndex): Source[] {
	const declared = async (names: readonly string[], source: SnippetSource, { path }: Place, signal: AbortSignal) =>
		names.length === 0 ? [] : asSnippets(await index.definitions(names, path, signal), names, source);
	return [
		{
			name: 'declarations in the index',
			deadlineMs,
			find: (place, _, signal) => declared(namesAround(place).slice(0, mostNames), 'definition', place, signal),
		},
		{
			name: 'imports',
			deadlineMs,
			find: (place, _, signal) => declared(importsOf(place).slice(0, mostImports), 'import', place, signal),
		},
		{
			name: 'similar code',
			deadlineMs,
			find: async ({ request: { prefix, suffix }, path }, _, signal) => {
				const text = prefix.slice(-similarTo.before) + suffix.slice(0, similarTo.after);
				const found = await index.search({ text, path, limit: mostSimilar }, signal);
				const words = wordsOf(text);
				return found.map((snippet) => bestPart(snippet, words));
			},
		},
	];
}

function namesAround({ request }: Place): string[] {
	return namesNear(request).map(({ name }) => name);
}

/** What is used near the cursor comes first. */
function importsOf({ request }: Place): string[] {
	const near = new Set(namesNear(request).map(({ name }) => name));
	const names = importedNames(request.prefix);
	return [...names.filter((name) => near.has(name)), ...names.filter((name) => !near.has(name))];
}

/** The first declaration of a name is the likeliest, and the first names are those that matter most. */
export function asSnippets(definitions: readonly Definition[], names: readonly string[], source: SnippetSource): ContextSnippet[] {
	const seen = new Map<string, number>();
	return definitions.flatMap(({ name, path, startLine, endLine, text }) => {
		const times = seen.get(name) ?? 0;
		seen.set(name, times + 1);
		const rank = names.indexOf(name);
		const code = withoutRemarks(text);
		if (rank < 0 || times >= mostOfName || code === '' || listOfNames.test(code)) return [];
		return [{ path, startLine, endLine, text: code, source, score: 1 / (1 + rank / 6) / (1 + times) }];
	});
}

/** What people write to each other about a declaration takes more room than the declaration. */
function withoutRemarks(text: string): string {
	const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^[ \t]*(?:\/\/|#(?!\[|define|if|endif)).*$/gm, '');
	return code
		.replaceAll(/[ \t]+$/gm, '')
		.replaceAll(/\n{2,}/g, '\n')
		.trim();
}

/** A line of an import that looks like a declaration. */
const listOfNames = /^(?:type\s+)?[\w$]+(?:\s+as\s+[\w$]+)?,/;
/** Of declarations with the same name. */
const mostOfName = 2;
