/** What stands where a secret would, in examples, templates and code that fetches it from somewhere. */
const standIn =
	/example|sample|change.?me|place.?holder|your[-_]|^my[-_]|dummy|redacted|hidden|removed|masked|insert|replace|undefined|[xX]{4}|\*{3}|\.{3}|…|[<>]|[$#%@]\{|\{\{|%[(\w]+[%)]|\$\(|^[$%]|^(?:0?123|abc|qwerty|foo|bar)|\\[ux]|^\\/i;

/** `passwordField`, `tokenUrl`: names of something else about a secret. */
export const something =
	/name|field|type|ur[il]|path|file|dir|header|len|size|regex|pattern|label|hint|message|error|prefix|suffix|kind|format|algorithm|scheme|ttl|expir|index|count|input|selector|class|policy|reset|version|arn|ref|text|title|desc|param|provider|method|color|style|icon|button|strength|hash|salt|endpoint|host|port|table|column|schema|store|scope|grant|event|action|id$|ids$|url$/i;

/** Encodings and algorithms. */
const technical =
	/^(?:utf-?\d+\w*|base\d+\w*|(?:sha|md|hs|rs|es|ps)-?\d+\w*|aes.*|des3|latin1|oauth\w*|x-?509|argon2\w*|pbkdf2\w*|iso-?8859.*)$/i;

/** What people make up themselves, and what is used as such. */
const madeUp = /^(?:pass|pwd|secret)/i;

/** How the value was written. */
export type Form = 'quoted' | 'bare';

/** Whether what a telling name is assigned to is a secret: not a word, a path, a template, or the name of something else. */
export function isSecretOfName(name: string, rest: string, value: string, form: Form): boolean {
	if (something.test(rest) || standIn.test(value) || technical.test(value) || isCode(value, form)) return false;
	return isRandom(value, 12) || (madeUp.test(name) && isMadeUp(value, form));
}

/** Whether a value looks drawn by lot: many changes between kinds of characters, and hardly any of them twice. */
export function isRandom(value: string, least: number): boolean {
	if (value.length < least || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
	if (/^[0-9a-f-]+$/i.test(value)) return value.length >= 16 && entropy(value.replaceAll('-', '')) >= 2.8;
	return stretch(value) < 2.8 && entropy(value) >= Math.min(3.5, Math.log2(value.length) * 0.8);
}

/** `hunter2`, `Sup3r!secret`: letters with digits or punctuation among them, as rules for passwords want it. */
function isMadeUp(value: string, form: Form): boolean {
	const has = (kind: RegExp) => kind.test(value);
	if (!has(/[A-Za-z]/) || value.length > 64) return false;
	if (form === 'quoted') return (has(/\d/) || has(/[!@#$%^*?~+]/)) && !/^[a-z]+([-_.:/][a-z]+)*[-_.]?\d$/i.test(value) && !has(/[/\\|]/);
	if (value.length < 8 || !has(/\d/) || stretch(value) >= 3.5) return false;
	return has(/[!@#$%^*?~]/) || (has(/[a-z]/) && has(/[A-Z]/) && stretch(value) < 3);
}

/** How many characters of a kind come in a row; in words it is four and more. */
function stretch(value: string): number {
	const stretches = value.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? [];
	return stretches.reduce((sum, { length }) => sum + length, 0) / stretches.length;
}

/** An expression, a path or an address, and no value. */
function isCode(value: string, form: Form): boolean {
	if (/^(?:[\w+.-]+:\/\/|[./~+]|0x)/.test(value)) return true;
	return form === 'bare' && (/[([{]|^\w+:/.test(value) || /^[A-Za-z_$][\w$]*(?:(?:\.|::|->)[A-Za-z_$][\w$]*)+$/.test(value));
}

/** In bits for each character. */
function entropy(text: string): number {
	const counts = new Map<string, number>();
	for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
	let bits = 0;
	for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
	return bits;
}
