import { names } from './secrets.ts';
import { openToken } from './tokens.ts';
import { something } from './values.ts';

/** `apiKey = "a`, `setPassword('a`: what is written in quotes, as long as it is a single word, so that it may be a secret. */
const openQuoted = new RegExp(
	`(?:${names.source})([\\w-]{0,24})(?:["'\`\\]]{1,2}|\\s*:\\s*[\\w<>|&.]{1,30}(?=\\s*=))?\\s*(?:[!=]==?|[:=]=|=>|[=:(])\\s*[A-Za-z]{0,2}["'\`]{1,3}[^"'\`\\s]+$`,
	'i',
);

/** `export TOKEN=a`, `password: a`: without quotes only where values have none. */
const openBare = new RegExp(
	`^\\s*(?:(?:export|set|ENV|ARG|-)\\s+)?[\\w.-]*(?:${names.source})([\\w-]{0,24})\\s*[=:]\\s*[^\\s"'\`$]+$`,
	'i',
);
const withoutQuotes = new Set([
	'dotenv',
	'properties',
	'ini',
	'yaml',
	'dockercompose',
	'shellscript',
	'dockerfile',
	'makefile',
	'plaintext',
	'bat',
]);

/** `https://user:a`, and neither a port nor a part of a template. */
const openAddress = /:\/\/[^\s:@/?#"'`<>${}]{1,64}:(?!\d{1,5}$)[^\s@/"'`<>${}]+$/;

/** Whether a line up to the cursor ends in something that is going to be a secret, though it does not look like one yet. */
export function isWritingSecret(line: string, languageId: string): boolean {
	if (openToken.test(line) || openAddress.test(line)) return true;
	const open = openQuoted.exec(line) ?? (withoutQuotes.has(languageId) ? openBare.exec(line) : undefined);
	return open !== undefined && open !== null && !something.test(open[1] ?? '');
}
