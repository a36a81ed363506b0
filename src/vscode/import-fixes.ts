import {
	type CodeAction,
	CodeActionKind,
	type Command,
	commands,
	DiagnosticSeverity,
	languages,
	Range,
	type TextDocument,
	workspace,
} from 'vscode';
import type { Span } from '../completion/span.ts';

/** A name that nothing in its file says anything of, and what the language's own quick fix would do about it. */
export interface ImportFix {
	readonly name: string;
	readonly action: CodeAction;
}

/** What the quick fixes of languages say: `Add import from "./a"`, `Import 'List' (java.util)`, `using System.Text;`, `Include <vector>`. */
const imports = /^(?:add|update)\b.*\bimport\b|^import\b|^(?:using|use|include)\s/i;
const somethingElse = /\b(?:unused|remove|delete|organi[sz]e|sort|all missing|all imports|suppress|disable|ignore|install)\b/i;
/** How many quick fixes of a name are looked at closely. */
const mostResolved = 12;
const mostNames = 8;

/** Names in a stretch of a document that a language server complains about. */
export function doubtfulNames(document: TextDocument, { start, end }: Span): Map<string, Range> {
	const stretch = new Range(document.positionAt(start), document.positionAt(end));
	const found = new Map<string, Range>();
	for (const { severity, range } of languages.getDiagnostics(document.uri)) {
		if (severity > DiagnosticSeverity.Warning || !range.isSingleLine || !stretch.contains(range)) continue;
		const name = document.getText(range);
		if (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) && !found.has(name) && found.size < mostNames) found.set(name, range);
	}
	return found;
}

/** The import that would say what a name is, where there is exactly one. */
export async function onlyImport(document: TextDocument, name: string, range: Range): Promise<ImportFix | undefined> {
	const { value } = CodeActionKind.QuickFix;
	const found = await commands.executeCommand<(CodeAction | Command)[] | undefined>(
		'vscode.executeCodeActionProvider',
		document.uri,
		range,
		value,
		mostResolved,
	);
	const actions = (found ?? [])
		.filter(isAction)
		.filter(({ title, disabled }) => !disabled && imports.test(title) && !somethingElse.test(title));
	const [action, ...others] = actions;
	return action && others.every(({ title }) => title === action.title) ? { name, action } : undefined;
}

/** Does what a quick fix does, as one step to undo. Resolves to whether that worked. */
export async function apply({ action: { edit, command } }: ImportFix): Promise<boolean> {
	if (edit && !(await workspace.applyEdit(edit))) return false;
	if (command) await commands.executeCommand(command.command, ...(command.arguments ?? []));
	return edit !== undefined || command !== undefined;
}

function isAction(found: CodeAction | Command): found is CodeAction {
	return typeof found.command !== 'string';
}
