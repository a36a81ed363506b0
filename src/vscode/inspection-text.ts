import type { Outcome } from '../completion/completion.ts';
import type { Inquiry } from '../completion/inquiry.ts';
import type { Order } from '../completion/order.ts';
import { reasons } from '../completion/reason.ts';
import { block, placeOf, sources } from './context/what-was-used.ts';
import type { Entry } from './journal.ts';

const orders: Readonly<Record<Order, string>> = {
	append: 'append: what was typed since comes after the hole, so that only that has to be read',
	forced: 'forced: the same up to the current word, which the answer is made to begin with',
	word: 'word: up to the current word, with which the answer happens to begin or is of no use',
	plain: 'plain: what was typed comes before the hole, so that all after it is read again',
};

/** The page about one question of the editor, as Markdown. All that was sent to a model, and nothing that was not. */
export function inspectionText(last: Entry | undefined, lastAsked: Entry | undefined): string {
	if (!last) return '# No request yet\n\nType something, or run “Co-Clone: Complete Here”.\n';
	const parts = [entryText('The last question of the editor', last)];
	if (!lastAsked) parts.push('No model was asked yet.');
	else if (lastAsked !== last && !last.outcome.prompt) parts.push(entryText('The last one that a model was asked for', lastAsked));
	return `${parts.join('\n\n')}\n`;
}

function entryText(title: string, { document, position, request, outcome, alternatives = [] }: Entry): string {
	const place = `${decodeURIComponent(document.uri.toString())}:${position.line + 1}:${position.character + 1}`;
	const parts = [
		`# ${title}`,
		list(['place', place], ['language', request.languageId], ['asked', request.trigger === 'manual' ? 'on demand' : 'by typing']),
		...outcomeParts(outcome),
		...alternatives.flatMap((other, index) => [
			`## To choose from, ${index + 1}`,
			...drawnParts(other.outcome),
			...answerParts(other.outcome),
		]),
	];
	return parts.join('\n\n');
}

function outcomeParts(outcome: Outcome): string[] {
	const { prompt, inquiry, model } = outcome;
	const result = `## What came of it\n\n${resultText(outcome)}`;
	if (prompt === undefined) return [result, 'Nothing was sent to a model for this.'];
	return [
		result,
		'## What was asked',
		list(['model', model ?? 'unknown'], ...(inquiry ? inquiryRows(inquiry) : [])),
		'## How long it took',
		list(...timingRows(outcome)),
		'## How much was read and written',
		list(...usageRows(outcome)),
		...(inquiry ? contextParts(inquiry) : []),
		'## The prompt',
		block(prompt),
		...(inquiry?.suffix === undefined ? [] : ['## What the server puts behind it', block(inquiry.suffix)]),
		'## The answer, stage by stage',
		...answerParts(outcome),
	];
}

function resultText({ completion, nothing }: Outcome): string {
	if (completion) {
		const replaces = completion.replaces > 0 ? ` in place of the ${completion.replaces} characters after the cursor` : '';
		return `A suggestion of ${completion.text.length} characters${replaces}.`;
	}
	return `Nothing: ${[reasons[nothing?.reason ?? 'bug'], nothing?.detail].filter(Boolean).join(' ')} (\`${nothing?.reason ?? 'bug'}\`)`;
}

function inquiryRows({ order, window, given, maxLines, maxTokens, sampling }: Inquiry): [string, string][] {
	const wanted = `${maxLines === 1 ? 'a line' : `up to ${maxLines} lines`}, at most ${maxTokens} tokens`;
	return [
		['order', orders[order]],
		...(window
			? [['window', `${window.before} characters, ${window.typed} typed since, hole, ${window.after} after`] as [string, string]]
			: []),
		...(given === '' ? [] : [['left out', `${JSON.stringify(given)}, which the answer has to begin with`] as [string, string]]),
		['wanted', wanted],
		['drawn', drawnText(sampling)],
	];
}

function contextParts({ context }: Inquiry): string[] {
	if (context.length === 0) return [];
	const rows = context.map((snippet) => `- ${placeOf(snippet)}: ${sources[snippet.source]}`);
	return ['## Code from elsewhere', rows.join('\n')];
}

function drawnParts({ inquiry }: Outcome): string[] {
	return inquiry ? [list(['drawn', drawnText(inquiry.sampling)])] : [];
}

function drawnText(sampling: Inquiry['sampling']): string {
	return sampling ? `at temperature ${sampling.temperature}, seed ${sampling.seed}` : 'no, the likeliest token each time';
}

function timingRows({ timings: { queuedMs, firstTokenMs, totalMs } }: Outcome): [string, string][] {
	const ms = (time: number | undefined) => (time === undefined ? 'before, for an earlier question' : `after ${Math.round(time)} ms`);
	return [
		['model asked', ms(queuedMs)],
		['first token', ms(queuedMs === undefined ? undefined : firstTokenMs)],
		['answer', `after ${Math.round(totalMs)} ms`],
	];
}

function usageRows({ usage, inquiry, prompt = '' }: Outcome): [string, string][] {
	const use = inquiry?.use;
	const tokens = usage.promptTokens ?? use?.tokens;
	const shared = inquiry ? `, ${share(inquiry.known, prompt.length)} of them as in the prompt before` : '';
	return [
		['prompt', `${prompt.length} characters${shared}`],
		['prompt tokens', tokens === undefined ? 'not reported' : String(tokens)],
		['of these from the cache', use ? `${use.cached}, ${share(use.cached, use.tokens)}` : 'not reported'],
		['answer tokens', usage.completionTokens === null ? 'not reported' : String(usage.completionTokens)],
	];
}

/** What the model said, and what of it was left after each stage. */
function answerParts({ inquiry, completion, nothing }: Outcome): string[] {
	const shown = completion ? block(completion.text) : `Nothing is left: ${reasons[nothing?.reason ?? 'bug']}`;
	if (!inquiry) return ['It had not come, or not all of it.'];
	const { raw, cut, given } = inquiry;
	const cutText = cut === undefined ? `It does not begin with ${JSON.stringify(given)}, as it would have to.` : block(cut);
	return [
		'1. What the model said:',
		block(raw),
		'2. Cut to what was wanted:',
		cutText,
		'3. Made to fit its place, and without what has been typed since:',
		shown,
	];
}

function list(...rows: [string, string][]): string {
	return rows.map(([name, value]) => `- ${name}: ${value}`).join('\n');
}

function share(part: number, whole: number): string {
	return whole === 0 ? '0 %' : `${Math.round((part / whole) * 100)} %`;
}
