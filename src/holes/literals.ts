import { sameType } from '../signature/signature.ts';

/** What literals are of. */
export type Family = 'a number' | 'a string' | 'a boolean';

const families: readonly (readonly [RegExp, Family])[] = [
	[
		/^(?:u?int(?:eger)?(?:_?(?:8|16|32|64|max|ptr))?(?:_t)?|[iu](?:8|16|32|64|128|size)|usize|isize|s?byte|u?short|u?long|long long|unsigned(?: int| long| long long)?|size_t|ssize_t|f32|f64|float(?:32|64)?|double|decimal|number|bigint|complex)$/i,
		'a number',
	],
	[/^(?:&?(?:'\w+ )?str|string|std::string(?:_view)?|const std::string&|(?:const )?char ?\*|CharSequence)$/i, 'a string'],
	[/^bool(?:ean)?$/i, 'a boolean'],
];
const whole = /^(?:u?int(?:eger)?(?:_?(?:8|16|32|64))?(?:_t)?|[iu](?:8|16|32|64|128|size)|usize|isize|s?byte|u?short|u?long|size_t)$/i;

/** What a plain type is of; undefined for any other. */
export function familyOf(type: string | undefined): Family | undefined {
	return type === undefined ? undefined : families.find(([pattern]) => pattern.test(type.trim()))?.[1];
}

/** Why a value of one type cannot stand for a parameter of another, as far as plain types tell. */
export function mismatch(text: string, given: string | undefined, wanted: string): string | undefined {
	const literals = literalsOf(wanted);
	const [from, to] = [familyOf(given), familyOf(wanted)];
	const isOther = from !== undefined && from !== 'a string';
	if (literals) return isOther || (/^['"]/.test(text) && !literals.includes(unquoted(text))) ? `${text} is none of ${wanted}.` : undefined;
	if (to === undefined || given === undefined || sameType(given, wanted)) return undefined;
	if (from !== undefined && from !== to) return `${text} is ${from}, and not ${wanted}.`;
	return from === 'a number' && whole.test(wanted) && /^-?\d*\.\d+$/.test(text) ? `${text} is no whole number.` : undefined;
}

/** `'fast' | 'slow'`, without the quotes. */
export function literalsOf(type: string): readonly string[] | undefined {
	const parts = type.split('|').map((part) => part.trim());
	return parts.every((part) => /^(['"])[^'"]*\1$/.test(part)) ? parts.map(unquoted) : undefined;
}

function unquoted(text: string): string {
	return text.replace(/^['"]|['"]$/g, '');
}

/** Whether a type has a value for “none”. A parameter without a type may have one, but nobody said so. */
export function admitsNone(type: string | undefined): boolean {
	return /null|undefined|None|Optional|Option|\?|\*|\[\]|\b(?:map|chan|func|error|interface|any|unknown|object|Object)\b/.test(type ?? '');
}
