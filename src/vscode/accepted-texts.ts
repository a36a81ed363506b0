import type { Disposable, TextDocument } from 'vscode';
import { afterChange, type Change, holds, type Span } from '../completion/span.ts';
import type { Later } from '../completion/tally.ts';

const laterMs: Readonly<Record<Later, number>> = { '30s': 30_000, '5min': 300_000 };
/** Of somebody who accepts more than this within five minutes, the latest are followed. */
const mostFollowed = 100;

/** The part of a document that is needed here. */
type OpenText = Pick<TextDocument, 'getText'>;

interface Accepted {
	readonly document: OpenText;
	/** Stays in this process, and only until the last look. */
	readonly text: string;
	span: Span;
	readonly looks: readonly NodeJS.Timeout[];
}

/** Looks whether accepted texts are still where they were put, 30 seconds and 5 minutes later, as long as the document is open. */
export class AcceptedTexts implements Disposable {
	#followed: Accepted[] = [];

	follow(document: OpenText, span: Span, seen: (later: Later, isKept: boolean) => void): void {
		const look = (later: Later) =>
			setTimeout(() => {
				seen(later, holds(textIn(accepted.document, accepted.span), accepted.text));
				if (later === '5min') this.#followed = this.#followed.filter((other) => other !== accepted);
			}, laterMs[later]);
		const accepted: Accepted = { document, text: textIn(document, span), span, looks: [look('30s'), look('5min')] };
		this.#followed.push(accepted);
		if (this.#followed.length > mostFollowed) forget(this.#followed.shift());
	}

	/** The changes of one edit, in the editor's order: from the end of the text to its beginning. */
	changed(document: OpenText, changes: readonly Change[]): void {
		for (const accepted of this.#followed) {
			if (accepted.document === document) accepted.span = changes.reduce(afterChange, accepted.span);
		}
	}

	/** What is in a file that nobody has open is not looked into. */
	closed(document: OpenText): void {
		for (const accepted of this.#followed) if (accepted.document === document) forget(accepted);
		this.#followed = this.#followed.filter((accepted) => accepted.document !== document);
	}

	dispose(): void {
		for (const accepted of this.#followed) forget(accepted);
		this.#followed = [];
	}
}

function forget(accepted: Accepted | undefined): void {
	for (const look of accepted?.looks ?? []) clearTimeout(look);
}

function textIn(document: OpenText, { start, end }: Span): string {
	return document.getText().slice(start, end);
}
