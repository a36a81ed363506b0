import { languageFor } from '../signature/languages/all.ts';
import { whyNoExpression } from '../signature/one-expression.ts';
import type { Parsers } from './parsers.ts';
import type { TrackingOrder, TrackingReport } from './wire.ts';

/** Whether what somebody wrote is one expression of a language. */
export async function checked(
	{ request, languageId, text }: Extract<TrackingOrder, { kind: 'check' }>,
	parsers: Parsers,
): Promise<TrackingReport> {
	const [language, parse] = [languageFor(languageId), await parsers.load(languageId)];
	const refusal = language && parse ? whyNoExpression(text, language, parse) : 'Nobody can check an expression of this language.';
	return { kind: 'checked', request, refusal };
}
