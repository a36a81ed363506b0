import { isObject, type Json, type JsonObject, readJson } from './body.ts';
import type { Answer, Route } from './call.ts';
import { type Choice, type Dialect, told } from './dialect.ts';
import {
	countIn,
	flagIn,
	mostChoices,
	objectsIn,
	optionalText,
	samplingIn,
	severalOf,
	stopsIn,
	textIn,
	textsIn,
	tokensOrAllIn,
} from './fields.ts';
import { failureType } from './openai-dialect.ts';
import { event, eventStreamHeaders } from './stream.ts';

/** `POST /infill`: a hole, with code from elsewhere. `prompt` is what stands on the line of the hole already. */
const infill: Answer = async (call) => {
	const body = await readJson(call.request);
	// So its clients have it read what they are going to ask about.
	if (body['n_predict'] === 0) return Response.json({});
	const hole = {
		path: '',
		languageId: 'plaintext',
		prefix: `${optionalText(body, 'input_prefix') ?? ''}${optionalText(body, 'prompt') ?? ''}`,
		suffix: optionalText(body, 'input_suffix') ?? '',
		elsewhere: objectsIn(body, 'input_extra').map((one) => ({ path: optionalText(one, 'filename') ?? '', text: textIn(one, 'text') })),
	};
	const answers = samplingsIn(body).map((sampling) => call.backend.fill({ ...hole, sampling, end: endIn(body) }, call.signal));
	return told(call, llamaDialect(textsIn(body, 'response_fields')), flagIn(body, 'stream', false), ...answers);
};

/** `POST /completion`: what comes after a prompt in which the marks of the model mean what they mean. */
const completion: Answer = async (call) => {
	const body = await readJson(call.request);
	const prompt = textIn(body, 'prompt');
	const answers = samplingsIn(body).map((sampling) => call.backend.continue({ prompt, sampling, end: endIn(body) }, call.signal));
	return told(call, llamaDialect(textsIn(body, 'response_fields')), flagIn(body, 'stream', false), ...answers);
};

function samplingsIn(body: JsonObject) {
	return severalOf(countIn(body, 'n_cmpl', { least: 1, most: mostChoices }) ?? 1, samplingIn(body));
}

function endIn(body: JsonObject) {
	const ms = countIn(body, 't_max_predict_ms', { least: -1, most: 3_600_000 }) ?? 0;
	return {
		maxTokens: tokensOrAllIn(body, 'n_predict', -1),
		stop: stopsIn(body),
		leastIndent: countIn(body, 'n_indent', { least: 0, most: 1000 }),
		isEnough: ms > 0 ? after(ms) : undefined,
	};
}

/** A line has to be whole all the same. */
function after(ms: number): (text: string) => boolean {
	let firstAt: number | undefined;
	return (text) => {
		firstAt ??= performance.now();
		return text.includes('\n') && performance.now() - firstAt > ms;
	};
}

function llamaDialect(fields: readonly string[] = []): Dialect {
	const piece = (content: string, index: number) => event({ index, content, tokens: [], stop: false, id_slot: 0 });
	const whole = (content: string, choice: Choice) => chosen(final(content, choice), fields);
	return {
		headers: eventStreamHeaders,
		piece,
		last: (text, choice) => `${text === '' ? '' : piece(text, choice.index)}${event(whole('', choice))}`,
		end: () => '',
		failed: (failure) => event(llamaFailure(failure), 'error'),
		whole: (choices) => {
			const answers = choices.map((choice) => whole(choice.text, choice));
			return answers.length === 1 ? answers[0] : answers;
		},
	};
}

function final(content: string, { index, finish: { reason, model, usage }, times }: Choice): JsonObject {
	const { promptTokens, completionTokens } = usage;
	return {
		index,
		content,
		tokens: [],
		id_slot: 0,
		stop: true,
		model,
		tokens_predicted: completionTokens,
		tokens_evaluated: promptTokens,
		tokens_cached: promptTokens + completionTokens,
		truncated: false,
		stop_type: reason === 'length' ? 'limit' : 'eos',
		stopping_word: '',
		timings: { ...timing('prompt', promptTokens, times.first), ...timing('predicted', completionTokens, times.rest) },
	};
}

function timing(of: string, tokens: number, ms: number): JsonObject {
	const perToken = ms / Math.max(tokens, 1);
	return {
		[`${of}_n`]: tokens,
		[`${of}_ms`]: ms,
		[`${of}_per_token_ms`]: perToken,
		[`${of}_per_second`]: perToken > 0 ? 1000 / perToken : 0,
	};
}

/** Only the fields that were asked for, each under the path that it was asked for by: `timings/prompt_n`. */
function chosen(answer: JsonObject, fields: readonly string[]): JsonObject {
	if (fields.length === 0) return answer;
	return Object.fromEntries(fields.flatMap((path) => entryAt(answer, path)));
}

function entryAt(answer: JsonObject, path: string): [string, Json][] {
	let value: Json | undefined = answer;
	for (const name of path.split('/')) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
	return value === undefined ? [] : [[path, value]];
}

const llamaFailure: Route['fail'] = ({ status, message }) => ({ error: { code: status, message, type: failureType(status) } });

const health: Answer = async () => Response.json({ status: 'ok' });

const properties: Answer = async ({ backend, signal }) => {
	const { name, contextLength } = await backend.model.facts(signal);
	const settings = { n_ctx: contextLength };
	return Response.json({ default_generation_settings: settings, total_slots: 1, model_alias: name, model_path: name, chat_template: '' });
};

export const llamaRoutes: readonly Route[] = [
	{ method: 'POST', path: '/infill', answer: infill, fail: llamaFailure },
	{ method: 'POST', path: '/completion', answer: completion, fail: llamaFailure },
	{ method: 'POST', path: '/completions', answer: completion, fail: llamaFailure },
	{ method: 'GET', path: '/health', answer: health, fail: llamaFailure },
	{ method: 'GET', path: '/props', answer: properties, fail: llamaFailure },
];
