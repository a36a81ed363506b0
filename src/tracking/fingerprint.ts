import { createHash } from 'node:crypto';

/** Tells whether a text is what it was. How its lines end does not matter: edits are made by line and column. */
export function fingerprint(text: string): string {
	return createHash('sha1').update(text.replaceAll('\r\n', '\n')).digest('base64');
}
