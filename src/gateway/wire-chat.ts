import type { FillRequest } from '../completion/fill.ts';
import { type JsonObject, readJson } from './body.ts';
import type { Answer, Route } from './call.ts';
import { codeOfChat } from './chat-code.ts';
import { told } from './dialect.ts';
import { flagIn, optionalText, samplingIn, stopsIn, textIn, tokensIn } from './fields.ts';
import { failureType, openAiDialect, openAiFailure } from './openai-dialect.ts';
import { samplingsIn, usageInStream } from './wire-openai.ts';

/** Where nothing is said, but that it ends somewhere. */
const usualTokens = 256;

const message = {
	id: 'chatcmpl',
	object: 'chat.completion',
	chunkObject: 'chat.completion.chunk',
	choice: (content: string, reason: string | null) => ({ message: { role: 'assistant', content }, finish_reason: reason }),
	delta: (content: string, reason: string | null) => ({ delta: { role: 'assistant', content }, finish_reason: reason }),
};

/** `POST /v1/chat/completions`: what comes after the code that a chat is about. */
const chat: Answer = async (call) => {
	const body = await readJson(call.request);
	const samplings = samplingsIn(body);
	const hole = { path: '', ...codeOfChat(body), suffix: '', end: endIn(body) };
	const answers = samplings.map((sampling) => call.backend.fill({ ...hole, sampling }, call.signal));
	const dialect = openAiDialect({
		...message,
		fail: openAiFailure,
		choicesPerPrompt: samplings.length,
		usageInStream: usageInStream(body),
	});
	return told(call, dialect, flagIn(body, 'stream', false), ...answers);
};

function endIn(body: JsonObject): FillRequest['end'] {
	const name = ['max_completion_tokens', 'max_tokens'].find((known) => typeof body[known] === 'number');
	const stop = stopsIn(body);
	return name === undefined && stop.length === 0 ? 'block' : { maxTokens: tokensIn(body, name ?? 'max_tokens', usualTokens), stop };
}

/** `POST /v1/fim/completions` of Mistral: asked like a completion, answered like a chat. */
const fillInTheMiddle: Answer = async (call) => {
	const body = await readJson(call.request);
	const hole = {
		path: '',
		languageId: 'plaintext',
		prefix: textIn(body, 'prompt'),
		suffix: optionalText(body, 'suffix') ?? '',
		end: { maxTokens: tokensIn(body, 'max_tokens', usualTokens), stop: stopsIn(body) },
		sampling: samplingIn(body, 'random_seed'),
	};
	const dialect = openAiDialect({ ...message, fail: mistralFailure, choicesPerPrompt: 1, usageInStream: true, usageInLast: true });
	return told(call, dialect, flagIn(body, 'stream', false), call.backend.fill(hole, call.signal));
};

const mistralFailure: Route['fail'] = ({ status, code, message }) => ({
	object: 'error',
	message,
	type: failureType(status),
	param: null,
	code,
});

export const chatRoutes: readonly Route[] = [
	{ method: 'POST', path: '/v1/chat/completions', answer: chat, fail: openAiFailure },
	{ method: 'POST', path: '/v1/fim/completions', answer: fillInTheMiddle, fail: mistralFailure },
];
