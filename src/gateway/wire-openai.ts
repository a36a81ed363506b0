import type { FillPiece, FillRequest } from '../completion/fill.ts';
import type { Sampling } from '../model/language-model.ts';
import { invalid, type JsonObject, readJson } from './body.ts';
import type { Answer, Call, Route } from './call.ts';
import { told } from './dialect.ts';
import { CallError } from './failure.ts';
import { countIn, flagIn, mostChoices, objectIn, optionalText, samplingIn, severalOf, stopsIn, textsIn, tokensIn } from './fields.ts';
import { openAiDialect, openAiFailure } from './openai-dialect.ts';
import { tabbyCompletion } from './wire-tabby.ts';

/** As OpenAI does where nothing is said. */
const usualTokens = 16;
/** Together, in one call. */
const mostAnswers = 16;
/** What stands for the model, whichever it is. */
const alias = 'co-clone';

/** `POST /v1/completions`, where Tabby's clients ask in their own way, and the engines' routes of FauxPilot and of Copilot-like clients. */
const completions: Answer = async (call) => {
	const body = await readJson(call.request);
	return 'segments' in body ? tabbyCompletion(call, body) : completion(call, body);
};

function completion(call: Call, body: JsonObject): Promise<Response> {
	const prompts = promptsIn(body);
	const samplings = samplingsIn(body);
	if (prompts.length * samplings.length > mostAnswers) throw invalid(`“prompt” and “n” may ask for ${mostAnswers} answers at most.`);
	const isEcho = flagIn(body, 'echo', false);
	const request = { ...place(body), end: { maxTokens: tokensIn(body, 'max_tokens', usualTokens), stop: stopsIn(body) } };
	const answers = prompts.flatMap((prefix) =>
		samplings.map((sampling) => {
			const pieces = call.backend.fill({ ...request, prefix, sampling }, call.signal);
			return isEcho ? echoed(prefix, pieces) : pieces;
		}),
	);
	const dialect = openAiDialect({
		id: 'cmpl',
		object: 'text_completion',
		chunkObject: 'text_completion',
		choice: (text, finish) => ({ text, logprobs: null, finish_reason: finish }),
		delta: (text, finish) => ({ text, logprobs: null, finish_reason: finish }),
		fail: openAiFailure,
		choicesPerPrompt: samplings.length,
		usageInStream: usageInStream(body),
	});
	return told(call, dialect, flagIn(body, 'stream', false), ...answers);
}

/** `stream_options.include_usage` */
export function usageInStream(body: JsonObject): boolean {
	return flagIn(objectIn(body, 'stream_options'), 'include_usage', false);
}

/** How each of `n` answers is drawn. */
export function samplingsIn(body: JsonObject): (Sampling | undefined)[] {
	const n = countIn(body, 'n', { least: 1, most: mostChoices }) ?? 1;
	const best = countIn(body, 'best_of', { least: 1, most: 20 }) ?? n;
	if (best !== n) throw invalid('“best_of” must be the same as “n”, or be left out: answers are not ranked here.');
	return severalOf(n, samplingIn(body));
}

/** The same, with the prompt in front of it. Together with the first piece, because before that it may still fail. */
async function* echoed(prompt: string, pieces: AsyncIterable<FillPiece>): AsyncGenerator<FillPiece> {
	let before = prompt;
	for await (const { text, finish } of pieces) {
		yield { text: before + text, finish };
		before = '';
	}
}

function promptsIn(body: JsonObject): string[] {
	const prompts = textsIn(body, 'prompt') ?? [];
	if (prompts.length === 0) throw invalid('Send “prompt”, a text or a list of texts.');
	return prompts;
}

function place(body: JsonObject): Omit<FillRequest, 'prefix' | 'end'> {
	return {
		path: '',
		languageId: optionalText(objectIn(body, 'extra'), 'language') ?? 'plaintext',
		suffix: optionalText(body, 'suffix') ?? '',
	};
}

const models: Answer = async (call) => Response.json({ object: 'list', data: (await namesOf(call)).map(model) });
const oneModel: Answer = async (call) => Response.json(model(await named(call, call.params['id'] ?? '')));
const engines: Answer = async (call) => Response.json({ object: 'list', data: (await namesOf(call)).map(engine) });
const oneEngine: Answer = async (call) => Response.json(engine(await named(call, call.params['engine'] ?? '')));

function model(id: string) {
	return { id, object: 'model', created: 0, owned_by: alias };
}

function engine(id: string) {
	return { id, object: 'engine', owner: alias, ready: true };
}

async function namesOf({ backend, signal }: Call): Promise<readonly string[]> {
	return [alias, (await backend.model.facts(signal)).name];
}

async function named(call: Call, part: string): Promise<string> {
	const names = await namesOf(call);
	const wanted = decoded(part);
	if (names.includes(wanted)) return wanted;
	throw new CallError({ status: 404, code: 'model-missing', message: `There is no such model here. There are: ${names.join(', ')}.` });
}

function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

export const openAiRoutes: readonly Route[] = [
	{ method: 'POST', path: '/v1/completions', answer: completions, fail: openAiFailure },
	{ method: 'POST', path: '/v1/engines/:engine/completions', answer: completions, fail: openAiFailure },
	{ method: 'GET', path: '/v1/engines', answer: engines, fail: openAiFailure },
	{ method: 'GET', path: '/v1/engines/:engine', answer: oneEngine, fail: openAiFailure },
	{ method: 'GET', path: '/v1/models', answer: models, fail: openAiFailure },
	{ method: 'GET', path: '/v1/models/:id', answer: oneModel, fail: openAiFailure },
];
