import { randomUUID } from 'node:crypto';
import type { FillFinish, FillPiece, FillRequest } from '../completion/fill.ts';
import { isObject, type JsonObject, readJson } from './body.ts';
import type { Answer, Call, Route } from './call.ts';
import type { Failure } from './failure.ts';
import { optionalText, promptIn, samplingIn, stopsIn, tokensIn } from './fields.ts';
import { event, eventStreamHeaders, streamed, withFailure, withPings } from './stream.ts';

/** As OpenAI does where nothing is said. */
const usualTokens = 16;

/** The error of OpenAI's API, which its clients turn into exceptions. */
function openAiFailure({ status, code, message }: Failure): unknown {
	const type = status === 401 ? 'authentication_error' : status < 500 ? 'invalid_request_error' : 'server_error';
	return { error: { message, type, param: null, code } };
}

/** `POST /v1/completions` and the engines' routes of FauxPilot and of Copilot-like clients: text between a prompt and a suffix. */
const completions: Answer = async (call) => {
	const body = await readJson(call.request);
	const pieces = call.backend.fill(fillRequest(body), call.signal);
	const head = { id: `cmpl-${randomUUID()}`, object: 'text_completion', created: Math.floor(Date.now() / 1000), model: 'co-clone' };
	const choice = (text: string, finish?: FillFinish) => ({ text, index: 0, logprobs: null, finish_reason: finish?.reason ?? null });
	if (body['stream'] === true) return events(call, pieces, ({ text, finish }) => ({ ...head, choices: [choice(text, finish)] }));
	const { text, finish } = await whole(pieces);
	return Response.json({ ...head, choices: [choice(text, finish)], usage: usage(finish) });
};

/** One event for each piece, and the end of a stream only where the answer has come to its end. */
function events(call: Call, pieces: AsyncIterable<FillPiece>, chunk: (piece: FillPiece) => unknown): Promise<Response> {
	async function* parts() {
		for await (const piece of pieces) yield event(chunk(piece));
		yield event('[DONE]');
	}
	const described = withFailure(parts(), (error) => event(openAiFailure(call.describe(error)), 'error'));
	return streamed(withPings(described), eventStreamHeaders, call.leave);
}

async function whole(pieces: AsyncIterable<FillPiece>): Promise<{ readonly text: string; readonly finish: FillFinish }> {
	let text = '';
	for await (const piece of pieces) {
		text += piece.text;
		if (piece.finish) return { text, finish: piece.finish };
	}
	throw new Error('An answer without an end.');
}

function usage({ usage: { promptTokens, completionTokens } }: FillFinish) {
	return { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: promptTokens + completionTokens };
}

function fillRequest(body: JsonObject): FillRequest {
	const extra = isObject(body['extra']) ? body['extra'] : {};
	return {
		path: '',
		languageId: typeof extra['language'] === 'string' ? extra['language'] : 'plaintext',
		prefix: promptIn(body),
		suffix: optionalText(body, 'suffix') ?? '',
		end: { maxTokens: tokensIn(body, 'max_tokens', usualTokens), stop: stopsIn(body) },
		sampling: samplingIn(body),
	};
}

const models: Answer = async ({ backend, signal }) => {
	const { name } = await backend.model.facts(signal);
	const model = (id: string) => ({ id, object: 'model', created: 0, owned_by: 'co-clone' });
	return Response.json({ object: 'list', data: [model('co-clone'), model(name)] });
};

export const openAiRoutes: readonly Route[] = [
	{ method: 'POST', path: '/v1/completions', answer: completions, fail: openAiFailure },
	{ method: 'POST', path: '/v1/engines/:engine/completions', answer: completions, fail: openAiFailure },
	{ method: 'GET', path: '/v1/models', answer: models, fail: openAiFailure },
];
