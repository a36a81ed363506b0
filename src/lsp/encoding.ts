import type { Position } from 'vscode-languageserver-protocol';

/** How a client counts the columns of a line. */
export type Encoding = 'utf-8' | 'utf-16';

/** What the client likes best of what we know; UTF-16 is what everybody has to know. */
export function encodingOf(offered: readonly string[] = []): Encoding {
	return offered.find((encoding) => encoding === 'utf-8' || encoding === 'utf-16') ?? 'utf-16';
}

/** A position as texts here have it, from one of the client's. */
export function fromClient({ line, character }: Position, text: string, encoding: Encoding): Position {
	return { line, character: encoding === 'utf-16' ? character : Buffer.from(text).toString('utf8', 0, character).length };
}

/** And back. */
export function toClient({ line, character }: Position, text: string, encoding: Encoding): Position {
	return { line, character: encoding === 'utf-16' ? character : Buffer.byteLength(text.slice(0, character)) };
}
