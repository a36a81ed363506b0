import { isPieceOfKey, keysIn } from './keys.ts';
import type { Secret } from './secret.ts';
import { tokens, tokensBehind } from './tokens.ts';
import { isRandom, isSecretOfName } from './values.ts';

/** Names that stand for secrets. */
export const names =
	/(?:pass(?:word|wd|phrase|code)|pwd|secret|token|credential|bearer|authorization|(?:api|app|access|private|client|consumer|account|storage|shared|master|signing|encryption|license|subscription|ssh|auth|admin|deploy|webhook|hmac|jwt|cookie|session)[_. -]?key)/gi;

/** From such a name to its value: `Prod: '`, `" => "`, `=`, `>`, `: string = "`, `("`. The value comes last. */
const assignment = new RegExp(
	[
		/([\w-]{0,24})/,
		/(?:\\?["'`\]]{1,2}|\s*:\s*[\w<>|&.]{1,30}(?=\s*=))?/,
		/(?:\s*(?:[!=]==?|[:=]=|=>|->|[=:]|\|\||\?\?)\s*|\s*,\s*|\s*value\s*=\s*|>|\s*\(\s*|\s+is:?\s+|\s+)/,
		/(?:[A-Za-z]{0,2}\\?(["'`]{1,3})([^"'`\s]{5,400}[^"'`\s\\])|([^\s"'`,;)}\]<>&|]{8,400}))/,
	]
		.map(({ source }) => source)
		.join(''),
	'y',
);

/** What is public, or is worth nothing a moment later. */
const harmless = /(?:public[_-]?(?:key)?|next|page|continuation|idempotency|csrf|xsrf|change|lock)[_-]?$/i;

/** `scheme://user:password@host` */
const addresses = /:\/\/[^\s:@/?#"'`<>]{0,64}:([^\s@/"'`<>]{3,200})@(?!example\.)/g;

/** What stands there in examples and templates. */
const noPassword = /^(?:pass(?:word|wd)?|pwd|secret|x+|\*+|\.+)$|[{}<>]|^\$|%[sdv(]/i;

/** `Authorization: Basic …`, `curl --user name:…` */
const basics = /\bbasic\s+([A-Za-z0-9+/]{8,}={0,2})/gi;
const users = /\s(?:-u|--user)[ =]["']?[\w.@-]+:([^\s"']{4,})/g;
const bearers = /\bbearer\s+([\w.~+/=-]{16,})/gi;

/**
 * What looks like a secret in a text, in its order and without overlaps. What is found in a line depends on that line only, so that typing
 * somewhere else changes nothing; private keys are the exception.
 */
export function secretsIn(text: string): readonly Secret[] {
	const found = [...tokensIn(text), ...namedIn(text), ...addressedIn(text), ...keysIn(text)];
	if (found.length < 2) return found;
	found.sort((a, b) => a.start - b.start || b.end - a.end);
	const merged: Secret[] = [];
	for (const secret of found) {
		const last = merged.at(-1);
		if (!last || secret.start >= last.end) merged.push(secret);
		else if (secret.end > last.end) merged[merged.length - 1] = { start: last.start, end: secret.end };
	}
	return merged;
}

/** Stands where a secret was. One word, so that it fits wherever the secret did: in quotes, in an address, after `=`. */
export const placeholder = 'HIDDEN_SECRET';

/** A text without its secrets, whose lines are where they were. */
export function withoutSecrets(text: string): string {
	let kept = '';
	let at = 0;
	for (const { start, end } of secretsIn(text)) {
		kept += text.slice(at, start) + placeholder + text.slice(start, end).replaceAll(/[^\n]/g, '');
		at = end;
	}
	return kept + text.slice(at);
}

/** Whether a piece of a file may hold a secret, or be a piece of one. */
export function hasSecret(text: string): boolean {
	return secretsIn(text).length > 0 || isPieceOfKey(text);
}

function* tokensIn(text: string): Generator<Secret> {
	for (const match of text.matchAll(tokens)) {
		if (!/EXAMPLE|x{6}/i.test(match[0])) yield { start: match.index, end: match.index + match[0].length };
	}
}

function* namedIn(text: string): Generator<Secret> {
	for (const { 0: name, index } of text.matchAll(names)) {
		assignment.lastIndex = index + name.length;
		const match = assignment.exec(text);
		if (!match) continue;
		const [whole, rest = '', quote, quoted, bare] = match;
		if (whole.includes('\n') || harmless.test(text.slice(Math.max(0, index - 16), index))) continue;
		const end = match.index + whole.length;
		const value = quoted ?? bare ?? '';
		const isQuoted = quote !== undefined || text.startsWith('</', end);
		if (isSecretOfName(name, rest, value, isQuoted ? 'quoted' : 'bare')) yield { start: end - value.length, end };
	}
}

function* addressedIn(text: string): Generator<Secret> {
	for (const pattern of [addresses, users, tokensBehind]) {
		for (const match of text.matchAll(pattern)) {
			const [whole, value = ''] = match;
			const start = match.index + whole.lastIndexOf(value);
			if (!noPassword.test(value)) yield { start, end: start + value.length };
		}
	}
	for (const pattern of [basics, bearers]) {
		for (const match of text.matchAll(pattern)) {
			const [whole, value = ''] = match;
			const end = match.index + whole.length;
			if (pattern === basics ? isBasic(value) : isRandom(value, 16)) yield { start: end - value.length, end };
		}
	}
}

/** Whether a text says who somebody is and how they prove it, as `Basic` wants it. */
function isBasic(text: string): boolean {
	try {
		return /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(atob(text));
	} catch {
		return false;
	}
}
