import { fileURLToPath } from 'node:url';
import type { InlineCompletionContext, InlineCompletionItem, Position, TextDocumentItem } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Completion, CompletionRequest } from '../completion/completion.ts';
import { languageOf } from '../completion/language.ts';
import { type Encoding, fromClient, toClient } from './encoding.ts';

/** More than any window needs. The first line moves in strides, so that the text before the cursor keeps its beginning. */
const linesBefore = 200;
const stride = 100;
const linesAfter = 100;

type Change = Parameters<typeof TextDocument.update>[1][number];

/** Of the two kinds that LSP has. */
const invoked = 1;

/** A text that is open in the client. */
export class OpenDocument {
	readonly path: string;
	readonly languageId: string;
	readonly #encoding: Encoding;
	#document: TextDocument;

	constructor({ uri, languageId, version, text }: TextDocumentItem, encoding: Encoding) {
		this.path = uri.startsWith('file:') ? fileURLToPath(uri) : uri;
		// Editors have names of their own for some languages (`cs`, `sh`).
		const known = languageOf(this.path);
		this.languageId = known === 'plaintext' ? languageId : known;
		this.#encoding = encoding;
		this.#document = TextDocument.create(uri, languageId, version, text);
	}

	/** All of it. */
	get text(): string {
		return this.#document.getText().replaceAll(/\r\n?/g, '\n');
	}

	/** The changes of one notification; each is about the text that the one before it left. */
	change(changes: readonly Change[], version: number): void {
		for (const change of changes) {
			const range = 'range' in change ? { start: this.#own(change.range.start), end: this.#own(change.range.end) } : undefined;
			this.#document = TextDocument.update(this.#document, [range ? { range, text: change.text } : { text: change.text }], version);
		}
	}

	/** The place of a cursor as plain data. With an entry of a list of suggestions selected, the place after that entry is accepted. */
	requestAt(position: Position, { triggerKind, selectedCompletionInfo: selected }: InlineCompletionContext): CompletionRequest {
		const start = this.#own(selected?.range.start ?? position);
		const end = this.#own(selected?.range.end ?? position);
		const first = Math.max(0, Math.floor(start.line / stride) * stride - linesBefore);
		return {
			path: this.path,
			languageId: this.languageId,
			prefix: this.#between({ line: first, character: 0 }, start) + (selected?.text ?? ''),
			suffix: this.#between(end, { line: end.line + linesAfter, character: 0 }),
			trigger: triggerKind === invoked ? 'manual' : 'automatic',
			endsWord: selected !== undefined && /[\p{L}\p{N}_$]$/u.test(selected.text),
		};
	}

	/** What takes the place of the list's entry and of the closers that a completion brings itself. */
	itemFor(
		{ text, replaces }: Completion,
		position: Position,
		{ selectedCompletionInfo: selected }: InlineCompletionContext,
	): InlineCompletionItem {
		const end = this.#own(selected?.range.end ?? position);
		const range = {
			start: selected?.range.start ?? position,
			end: this.#theirs({ line: end.line, character: end.character + replaces }),
		};
		return { insertText: (selected?.text ?? '') + text, range };
	}

	/** Lines end in `\n`, whatever the client ends them in. */
	#between(start: Position, end: Position): string {
		return this.#document.getText({ start, end }).replaceAll(/\r\n?/g, '\n');
	}

	#own(position: Position): Position {
		return fromClient(position, this.#line(position), this.#encoding);
	}

	#theirs(position: Position): Position {
		return toClient(position, this.#line(position), this.#encoding);
	}

	#line({ line }: Position): string {
		return this.#document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
	}
}
