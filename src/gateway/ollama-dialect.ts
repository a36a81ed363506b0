import type { Route } from './call.ts';
import type { Choice, Dialect } from './dialect.ts';

/** What both of Ollama's ways to ask answer with; they differ in where a text stands. */
export function ollamaDialect(model: string, withText: (text: string) => object): Dialect {
	const line = (fields: object) => `${JSON.stringify({ ...headOf(model), ...fields })}\n`;
	const piece = (text: string) => line({ ...withText(text), done: false });
	return {
		headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-cache, no-transform' },
		piece,
		last: (text, choice) => `${text === '' ? '' : piece(text)}${line({ ...withText(''), ...ended(choice) })}`,
		end: () => '',
		failed: (failure) => `${JSON.stringify(ollamaFailure(failure))}\n`,
		whole: ([choice]) => ({ ...headOf(model), ...(choice && { ...withText(choice.text), ...ended(choice) }) }),
	};
}

export function headOf(model: string) {
	return { model, created_at: new Date().toISOString() };
}

function ended({ finish: { reason, usage }, times }: Choice) {
	const nanoseconds = (ms: number) => Math.round(ms * 1e6);
	return {
		done: true,
		done_reason: reason,
		total_duration: nanoseconds(times.first + times.rest),
		load_duration: 0,
		prompt_eval_count: usage.promptTokens,
		prompt_eval_duration: nanoseconds(times.first),
		eval_count: usage.completionTokens,
		eval_duration: nanoseconds(times.rest),
	};
}

export const ollamaFailure: Route['fail'] = ({ message }) => ({ error: message });
