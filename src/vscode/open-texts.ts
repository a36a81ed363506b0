import { workspace } from 'vscode';
import type { CompletionRequest } from '../completion/completion.ts';
import type { Ignored } from '../context/ignored.ts';
import { isSecretPath } from '../secrets/files.ts';
import { isEditable } from './request-at.ts';

/** Reading a text takes about 10 µs per 100 lines; this is asked for while somebody types. */
const mostLines = 3000;
const mostTexts = 10;

/**
 * The other open documents in the language of a request; none that may hold secrets or is left out by Git or `.co-cloneignore`, and none
 * that nobody writes (a log, a diff's left side).
 */
export function* openTexts({ path, languageId }: CompletionRequest, ignored: Ignored): Generator<string> {
	let texts = 0;
	for (const document of workspace.textDocuments) {
		const { uri, lineCount } = document;
		if (document.languageId !== languageId || uri.path === path || lineCount > mostLines) continue;
		if (isSecretPath(uri.path) || !isEditable(document) || ignored.isLeftOut(uri.path)) continue;
		yield document.getText();
		if (++texts >= mostTexts) return;
	}
}
