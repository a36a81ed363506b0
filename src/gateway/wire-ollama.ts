import type { ModelFacts } from '../model/language-model.ts';
import { type JsonObject, readJson } from './body.ts';
import type { Answer, Call, Route } from './call.ts';
import { codeOfChat } from './chat-code.ts';
import { told } from './dialect.ts';
import { CallError } from './failure.ts';
import { flagIn, objectIn, objectsIn, optionalText, samplingIn, stopsIn, textIn, tokensOrAllIn } from './fields.ts';
import { headOf, ollamaDialect, ollamaFailure } from './ollama-dialect.ts';

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
	if (prompt === '') return nothing(body, generated(''));
	const options = objectIn(body, 'options');
	const asked = { end: endIn(options), sampling: samplingIn(options) };
	const suffix = optionalText(body, 'suffix') ?? '';
	const pieces = flagIn(body, 'raw', false)
		? backend.continue({ ...asked, prompt }, signal)
		: backend.fill({ ...asked, path: '', languageId: 'plaintext', prefix: prompt, suffix }, signal);
	return told(call, ollamaDialect(model, generated), flagIn(body, 'stream', true), pieces);
};

function generated(response: string) {
	return { response };
}

/** `POST /api/chat`: what comes after the code that a chat is about. */
const chat: Answer = async (call) => {
	const { backend, request, signal } = call;
	const body = await readJson(request);
	const model = textIn(body, 'model');
	await known(call, model);
	if (objectsIn(body, 'messages').length === 0) return nothing(body, spoken(''));
	const options = objectIn(body, 'options');
	const end = endIn(options);
	const isLimited = typeof options['num_predict'] === 'number' || end.stop.length > 0;
	const hole = { path: '', ...codeOfChat(body), suffix: '', sampling: samplingIn(options) };
	const pieces = backend.fill({ ...hole, end: isLimited ? end : 'block' }, signal);
	return told(call, ollamaDialect(model, spoken), flagIn(body, 'stream', true), pieces);
};

function spoken(content: string) {
	return { message: { role: 'assistant', content } };
}

function endIn(options: JsonObject) {
	return { maxTokens: tokensOrAllIn(options, 'num_predict', usualTokens), stop: stopsIn(options) };
}

/** Asked for no text, it would load its model, or unload it. Ours comes and goes by itself. */
function nothing(body: JsonObject, said: object): Response {
	const reason = body['keep_alive'] === 0 ? 'unload' : 'load';
	return Response.json({ ...headOf(textIn(body, 'model')), ...said, done: true, done_reason: reason });
}

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
		template: templateOf(facts),
		details: details(facts),
		model_info: weights,
		capabilities: ['completion', 'insert'],
	});
};

/** There are clients that send a suffix only where the template has a place for it, and otherwise guess the marks of the model. */
function templateOf({ template }: ModelFacts): string {
	const { prompt, suffix } = template.render('{{ .Prompt }}', '{{ .Suffix }}', '');
	return suffix === undefined ? prompt : '{{ .Prompt }}{{ .Suffix }}';
}

/** What clients look for that want to know whether there is an Ollama. Browsers get a page. */
const probe: Answer = async () => new Response('Ollama is running', { headers: { 'content-type': 'text/plain; charset=utf-8' } });

/** Embeddings, and models that come and go. */
const notHere: Answer = async ({ request, params }) => {
	await readJson(request);
	const message = `“${params['task']}” is nothing that Co-Clone does: it completes code, with the model that it was started with.`;
	throw new CallError({ status: 501, code: 'not-implemented', message });
};

export const ollamaRoutes: readonly Route[] = [
	{ method: 'GET', path: '/', answer: probe, fail: ollamaFailure, isOpen: true },
	{ method: 'POST', path: '/api/generate', answer: generate, fail: ollamaFailure },
	{ method: 'POST', path: '/api/chat', answer: chat, fail: ollamaFailure },
	{ method: 'POST', path: '/api/show', answer: show, fail: ollamaFailure },
	{ method: 'GET', path: '/api/tags', answer: tags, fail: ollamaFailure },
	{ method: 'GET', path: '/api/ps', answer: running, fail: ollamaFailure },
	{ method: 'GET', path: '/api/version', answer: async () => Response.json({ version }), fail: ollamaFailure },
	{ method: 'POST', path: '/api/:task', answer: notHere, fail: ollamaFailure },
];
