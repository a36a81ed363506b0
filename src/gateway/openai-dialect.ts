import { randomUUID } from 'node:crypto';
import type { FillFinish } from '../completion/fill.ts';
import type { Route } from './call.ts';
import type { Choice, Dialect } from './dialect.ts';
import type { Failure } from './failure.ts';
import { event, eventStreamHeaders } from './stream.ts';

/** What the protocols that descend from OpenAI's differ in. */
interface OpenAiForm {
	/** What identifiers begin with. */
	readonly id: string;
	readonly object: string;
	readonly chunkObject: string;
	/** A choice, whole; and a part of one. Without a finish (`null`) more of it comes. */
	choice(text: string, finish: FillFinish['reason'] | null): object;
	delta(text: string, finish: FillFinish['reason'] | null): object;
	readonly fail: Route['fail'];
	/** Each prompt is counted once. */
	readonly choicesPerPrompt: number;
	/** Whether a stream ends with what it used. */
	readonly usageInStream: boolean;
	/** Whether that stands in its last chunk, and not in one of its own. */
	readonly usageInLast?: true;
}

export function openAiDialect(form: OpenAiForm): Dialect {
	const head = { id: `${form.id}-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: 'co-clone' };
	const noUsageYet = form.usageInStream && !form.usageInLast ? { usage: null } : {};
	const chunk = (choices: readonly object[], more: object) => event({ ...head, object: form.chunkObject, choices, ...more });
	const usageOf = (choices: readonly Choice[]) => usage(choices, form.choicesPerPrompt);
	return {
		headers: eventStreamHeaders,
		piece: (text, index) => chunk([{ index, ...form.delta(text, null) }], noUsageYet),
		last: (text, choice) => {
			const { index, finish } = choice;
			return chunk([{ index, ...form.delta(text, finish.reason) }], form.usageInLast ? { usage: usageOf([choice]) } : noUsageYet);
		},
		end: (choices) => {
			const isOwed = form.usageInStream && !form.usageInLast;
			return `${isOwed ? chunk([], { usage: usageOf(choices) }) : ''}${event('[DONE]')}`;
		},
		failed: (failure) => event(form.fail(failure), 'error'),
		whole: (choices) => ({
			...head,
			object: form.object,
			choices: choices.map(({ index, text, finish }) => ({ index, ...form.choice(text, finish.reason) })),
			usage: usageOf(choices),
		}),
	};
}

/** The error of OpenAI's API, which its clients turn into exceptions. */
export function openAiFailure({ status, code, message }: Failure): unknown {
	return { error: { message, type: failureType(status), param: null, code } };
}

export function failureType(status: number): string {
	if (status === 401) return 'authentication_error';
	if (status === 429) return 'rate_limit_error';
	return status < 500 ? 'invalid_request_error' : 'server_error';
}

function usage(choices: readonly Choice[], choicesPerPrompt: number) {
	let prompt = 0;
	let completion = 0;
	for (const { index, finish } of choices) {
		if (index % choicesPerPrompt === 0) prompt += finish.usage.promptTokens;
		completion += finish.usage.completionTokens;
	}
	return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}
