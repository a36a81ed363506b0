import type { ModelFacts } from '../model/language-model.ts';
import { type JsonObject, readJson } from './body.ts';
import type { Answer, Call, Route } from './call.ts';
import { type Choice, type Dialect, told } from './dialect.ts';
import { CallError } from './failure.ts';
import { flagIn, objectIn, optionalText, samplingIn, stopsIn, textIn, tokensOrAllIn } from './fields.ts';

/** As Ollama does where nothing is said. */
const usualTokens = 128;
/** Of the API that is spoken here. */
const version = '0.11.4';
const alias = 'co-clone:latest';

/** `POST /api/generate`: a prompt with a suffix is a hole, one without a suffix is continued, and `raw` is left as it is. */
const generate: Answer = async (call) => {
	const { backend, request, signal } = call;
	const body = await readJson(request);
	const model = textIn(body, 'model');
	await known(call, model);
	const prompt = optionalText(body, 'prompt') ?? '';
	if (prompt === '') return Response.json({ ...head(model), response: '', done: true, done_reason: reasonOfNothing(body) });
	const options = objectIn(body, 'options');
	const asked = {
		end: { maxTokens: tokensOrAllIn(options, 'num_predict', usualTokens), stop: stopsIn(options) },
		sampling: samplingIn(options),
	};
	const suffix = optionalText(body, 'suffix') ?? '';
	const pieces = flagIn(body, 'raw', false)
		? backend.continue({ ...asked, prompt }, signal)
		: backend.fill({ ...asked, path: '', languageId: 'plaintext', prefix: prompt, suffix }, signal);
	return told(call, ollamaDialect(model), flagIn(body, 'stream', true), pieces);
};

/** Asked for no text, it would load its model, or unload it. Ours comes and goes by itself. */
function reasonOfNothing({ keep_alive: keepAlive }: JsonObject): string {
	return keepAlive === 0 ? 'unload' : 'load';
}

function ollamaDialect(model: string): Dialect {
	const line = (fields: object) => `${JSON.stringify({ ...head(model), ...fields })}\n`;
	const piece = (response: string) => line({ response, done: false });
	return {
		headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-cache, no-transform' },
		piece,
		last: (text, choice) => `${text === '' ? '' : piece(text)}${line({ response: '', ...ended(choice) })}`,
		end: () => '',
		failed: (failure) => `${JSON.stringify(ollamaFailure(failure))}\n`,
		whole: ([choice]) => ({ ...head(model), response: choice?.text, ...(choice && ended(choice)) }),
	};
}

function head(model: string) {
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

const ollamaFailure: Route['fail'] = ({ message }) => ({ error: message });

/** @throws CallError where nobody knows a model by this name. */
async function known({ backend, signal }: Call, name: string): Promise<ModelFacts> {
	const facts = await backend.model.facts(signal);
	if ([alias, facts.name].some((one) => withTag(one) === withTag(name))) return facts;
	throw new CallError({ status: 404, code: 'model-missing', message: `model '${name}' not found, try '${alias}' or '${facts.name}'` });
}

function withTag(name: string): string {
	return name.slice(name.lastIndexOf('/') + 1).includes(':') ? name : `${name}:latest`;
}

const tags: Answer = async ({ backend, signal }) => {
	const facts = await backend.model.facts(signal);
	return Response.json({ models: [facts.name, alias].map((name) => listed(name, facts)) });
};

/** Who asks knows from that how much it may send. */
const running: Answer = async ({ backend, signal }) => {
	const facts = await backend.model.facts(signal);
	const loaded = { expires_at: new Date(Date.now() + 300_000).toISOString(), size_vram: 0, context_length: facts.contextLength };
	return Response.json({ models: [facts.name, alias].map((name) => ({ ...listed(name, facts), ...loaded })) });
};

function listed(name: string, facts: ModelFacts) {
	return { name, model: name, modified_at: new Date(0).toISOString(), size: 0, digest: '', details: details(facts) };
}

function details({ template: { family } }: ModelFacts) {
	return { parent_model: '', format: 'gguf', family, families: [family], parameter_size: '', quantization_level: '' };
}

const show: Answer = async (call) => {
	const body = await readJson(call.request);
	const facts = await known(call, optionalText(body, 'model') ?? textIn(body, 'name'));
	const { template, contextLength, name } = facts;
	const weights = {
		'general.architecture': template.family,
		'general.basename': name,
		[`${template.family}.context_length`]: contextLength,
	};
	return Response.json({
		modelfile: '',
		parameters: '',
		template: '',
		details: details(facts),
		model_info: weights,
		capabilities: ['completion', 'insert'],
	});
};

export const ollamaRoutes: readonly Route[] = [
	{ method: 'POST', path: '/api/generate', answer: generate, fail: ollamaFailure },
	{ method: 'POST', path: '/api/show', answer: show, fail: ollamaFailure },
	{ method: 'GET', path: '/api/tags', answer: tags, fail: ollamaFailure },
	{ method: 'GET', path: '/api/ps', answer: running, fail: ollamaFailure },
	{ method: 'GET', path: '/api/version', answer: async () => Response.json({ version }), fail: ollamaFailure },
];
