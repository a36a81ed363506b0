import { DiagnosticSeverity, languages } from 'vscode';
import type { CodeIndex } from '../../context/code-index.ts';
import type { Source } from '../../context/finder.ts';
import { asSnippets } from '../../context/index-sources.ts';
import type { EditorPlace } from './editor-place.ts';

/** Around the cursor. What is being typed is a problem all the time, and says nothing. */
const nearLines = 4;
const mostNames = 8;
const deadlineMs = 300;

/** Declarations of what the problems near the cursor name: the type that something is missing in, the function with other parameters. */
export function problemSource(index: CodeIndex): Source<EditorPlace> {
	return {
		name: 'problems',
		deadlineMs,
		find: async (place, _, signal) => {
			const names = namesInProblems(place).slice(0, mostNames);
			return names.length === 0 ? [] : asSnippets(await index.definitions(names, place.path, signal), names, 'diagnostic');
		},
	};
}

function namesInProblems({ document, position }: EditorPlace): string[] {
	const near = languages
		.getDiagnostics(document.uri)
		.filter(({ severity, range }) => severity <= DiagnosticSeverity.Warning && Math.abs(range.start.line - position.line) <= nearLines);
	const quoted = near.flatMap(({ message }) => message.match(/(?<=['"`‘“])[\p{L}_$][\p{L}\p{N}_$]{2,}(?=['"`’”<])/gu) ?? []);
	return [...new Set(quoted)];
}
