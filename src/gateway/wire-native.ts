import type { Completion, CompletionRequest, Outcome } from '../completion/completion.ts';
import { chosenFrom, type Elsewhere } from '../completion/elsewhere.ts';
import { reasons } from '../completion/reason.ts';
import type { GenerateOptions, ModelFacts } from '../model/language-model.ts';
import { noUsage } from '../model/language-model.ts';
import { invalid, type JsonObject, readJson } from './body.ts';
import type { Answer, Call, Client, Route } from './call.ts';
import { plainFailure } from './failure.ts';
import { countIn, flagIn, objectIn, objectsIn, optionalText, samplingIn, stopsIn, textIn, tokensIn } from './fields.ts';
import { event, eventStreamHeaders, streamed, withFailure, withPings } from './stream.ts';

/** `POST /co-clone/complete`: a place in a text, for editors. The first line comes as soon as it is whole; the newest request replaces those before it. */
const complete: Answer = async (call) => {
	const body = await readJson(call.request);
	const elsewhere = elsewhereIn(body);
	const request = requestIn(body, elsewhere);
	const session = sessionOf(call.client, optionalText(body, 'session'));
	// Whoever types does not wait for a prompt that is new from its beginning.
	const ask = call.backend.complete(session, request.trigger === 'automatic' ? elsewhere : []);
	if (flagIn(body, 'stream', true))
		return events(
			call,
			growing(() => ask(request, call.signal)),
		);
	let whole = {};
	for await (const outcome of outcomes(() => ask(request, call.signal)))
		whole = { ...said(outcome), isGrowing: undefined, ...cost(outcome) };
	return Response.json(whole);
};

async function* growing(ask: () => Promise<Outcome>): AsyncGenerator<string> {
	let last: Outcome | undefined;
	for await (const outcome of outcomes(ask)) {
		yield event(said(outcome), outcome.completion ? 'completion' : 'nothing');
		last = outcome;
	}
	if (last) yield event(cost(last), 'end');
}

/** What is there first, and all of it where that was a part. */
async function* outcomes(ask: () => Promise<Outcome>): AsyncGenerator<Outcome> {
	const first = await ask();
	yield first;
	if (!first.growing || !(await first.growing)) return;
	const whole = await ask();
	if (whole.completion && extended(first.completion, whole.completion)) yield whole;
}

function extended(shown: Completion | undefined, { text, replaces }: Completion): boolean {
	return shown?.replaces === replaces && text.length > shown.text.length && text.startsWith(shown.text);
}

function said({ completion, nothing, growing }: Outcome) {
	if (completion) return { text: completion.text, replaces: completion.replaces, isGrowing: growing !== undefined };
	return nothing && { reason: nothing.reason, message: reasons[nothing.reason], detail: nothing.detail };
}

function cost({ model, usage, timings, inquiry }: Outcome) {
	const context = inquiry?.context.map(({ path, startLine, endLine }) => ({ path, startLine, endLine }));
	return { model, usage, timings, context };
}

/** Windows that share a credential have a session each, so that none takes the place of another's request. */
function sessionOf(client: Client, session = ''): Client {
	if (session.length > 100) throw invalid('“session” must have 100 characters at most.');
	return { ...client, id: `${client.id} ${session}` };
}

function elsewhereIn(body: JsonObject): readonly Elsewhere[] {
	return objectsIn(body, 'context').map((one) => ({
		path: textIn(one, 'path'),
		text: textIn(one, 'text'),
		startLine: countIn(one, 'startLine', { least: 0, most: 1_000_000 }),
	}));
}

function requestIn(body: JsonObject, elsewhere: readonly Elsewhere[]): CompletionRequest {
	const trigger = optionalText(body, 'trigger') ?? 'automatic';
	if (trigger !== 'automatic' && trigger !== 'manual') throw invalid('“trigger” must be “automatic” or “manual”.');
	const variant = countIn(body, 'variant', { least: 0, most: 1000 });
	return {
		path: textIn(body, 'path'),
		languageId: optionalText(body, 'languageId') ?? 'plaintext',
		prefix: textIn(body, 'prefix'),
		suffix: optionalText(body, 'suffix') ?? '',
		trigger,
		endsWord: flagIn(body, 'endsWord', false),
		indentUnit: optionalText(body, 'indentUnit'),
		...(variant === undefined ? {} : { variant }),
		...(trigger === 'manual' && elsewhere.length > 0 ? { context: chosenFrom(() => elsewhere) } : {}),
	};
}

/** `POST /co-clone/generate`: the model itself, for a Co-Clone elsewhere. Its prompt goes to the model as it is. */
const generate: Answer = async (call) => {
	const options = optionsIn(await readJson(call.request));
	async function* parts() {
		const notes: string[] = [];
		let usage = noUsage;
		const noted: GenerateOptions = {
			...options,
			onLoaded: (ms) => notes.push(event({ ms }, 'loaded')),
			onRead: (use) => notes.push(event(use, 'read')),
			onEnd: (used) => {
				usage = used;
			},
		};
		for await (const text of call.backend.model.generate(noted, call.signal))
			yield `${notes.splice(0).join('')}${event({ text }, 'piece')}`;
		yield `${notes.join('')}${event({ usage }, 'end')}`;
	}
	return events(call, parts());
};

function optionsIn(body: JsonObject): GenerateOptions {
	return {
		prompt: textIn(body, 'prompt'),
		suffix: optionalText(body, 'suffix'),
		maxTokens: tokensIn(body, 'maxTokens', 1),
		stop: stopsIn(body),
		start: optionalText(body, 'start'),
		sampling: samplingIn(objectIn(body, 'sampling')),
	};
}

const facts: Answer = async ({ backend, signal }) => Response.json(factsOnWire(await backend.model.facts(signal)));

/** A template is told by what it makes of the names of its parts. */
function factsOnWire({ template, ...facts }: ModelFacts) {
	const { family, growsAtEnd, stop, specialTokens } = template;
	return { ...facts, template: { family, ...template.render('{before}', '{after}', '{typed}'), growsAtEnd, stop, specialTokens } };
}

function events(call: Call, parts: AsyncIterable<string>): Promise<Response> {
	const described = withFailure(withPings(parts), (error) => event(plainFailure(call.describe(error)), 'error'));
	return streamed(described, eventStreamHeaders, call.leave);
}

export const nativeRoutes: readonly Route[] = [
	{ method: 'POST', path: '/co-clone/complete', answer: complete, fail: plainFailure },
	{ method: 'POST', path: '/co-clone/generate', answer: generate, fail: plainFailure },
	{ method: 'GET', path: '/co-clone/facts', answer: facts, fail: plainFailure },
];
