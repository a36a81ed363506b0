import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { ChooseContext } from '../completion/anchor.ts';
import { alternatives } from '../completion/candidates.ts';
import type { Complete } from '../completion/complete.ts';
import type { CompletionRequest, Outcome } from '../completion/completion.ts';
import { languageOf } from '../completion/language.ts';
import type { Eagerness } from '../completion/shape.ts';
import type { ContextSnippet } from '../context/snippet.ts';
import { type ModelChoice, modelOptions } from './model-choice.ts';
import { parsePlace, requestAt } from './place.ts';
import { type ExitStatus, reportNothing, type Streams } from './streams.ts';
import { UsageError, understood } from './usage.ts';

/** What a folder knows of a place in one of its files. */
export type FindContext = (root: string) => (request: CompletionRequest, signal: AbortSignal) => Promise<ChooseContext>;

const eagernesses: readonly Eagerness[] = ['line', 'block', 'auto'];
/** More are hardly ever different. */
const mostChoices = 10;
/** Between two choices. */
const separator = '---\n';

/** `co-clone complete …`. Resolves to the exit status. */
export async function completeCommand(
	args: readonly string[],
	streams: Streams,
	engine: (choice: ModelChoice, eagerness: Eagerness | undefined) => Complete,
	contextIn: FindContext,
	signal: AbortSignal,
): Promise<ExitStatus> {
	const { values, positionals } = parseCommandLine(args);
	const [where, ...more] = positionals;
	if (where === undefined || more.length > 0) throw new UsageError('Name one place to complete: FILE:LINE:COLUMN.');
	const place = parsePlace(where);
	const text = await readText(place.file, streams.input);
	const request = requestAt(text, place, values.language ?? languageOf(place.file));
	if (values.context && place.file === '-') throw new UsageError('--context needs a file; standard input has no place in a folder.');
	const { model, models, json, 'allow-remote': allowRemote } = values;
	const eagerness = eagernessOf(values.eagerness);
	const choices = choicesOf(values.choices);
	const context = values.context
		? await contextIn(await folderAt(values.root))({ ...request, path: resolve(request.path) }, signal)
		: undefined;
	const complete = engine({ model, models, allowRemote }, eagerness);
	// What the editor would show while somebody types is asked for as typing asks for it.
	const asked: CompletionRequest = { ...request, context, trigger: eagerness === undefined ? 'manual' : 'automatic' };
	const outcome = await whole(complete, asked, signal);
	const others = outcome.completion ? await alternatives(complete, asked, outcome.completion, choices ?? 1, signal) : [];
	const found = [outcome, ...others];
	if (json) streams.output.write(`${JSON.stringify(asJson(found, choices !== undefined, values.context), undefined, 2)}\n`);
	else streams.output.write(found.flatMap(({ completion }) => (completion ? [`${completion.text}\n`] : [])).join(separator));
	return outcome.nothing ? reportNothing(outcome.nothing, model, streams) : 0;
}

/** A command line waits for all of an answer. */
async function whole(complete: Complete, request: CompletionRequest, signal: AbortSignal): Promise<Outcome> {
	const outcome = await complete(request, signal);
	return (await outcome.growing) ? complete(request, signal) : outcome;
}

function eagernessOf(name: string | undefined): Eagerness | undefined {
	const eagerness = eagernesses.find((known) => known === name);
	if (name !== undefined && !eagerness) throw new UsageError(`--eagerness is ${eagernesses.join(', ')}, not “${name}”.`);
	return eagerness;
}

function choicesOf(text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= mostChoices) return Number(text);
	throw new UsageError(`--choices is a number from 1 to ${mostChoices}, not “${text}”.`);
}

function parseCommandLine(args: readonly string[]) {
	// A place on standard input, `-:1:5`, looks like an option.
	const isPlace = (arg: string) => arg.startsWith('-:');
	return understood(() =>
		parseArgs({
			args: [...args.filter((arg) => !isPlace(arg)), '--', ...args.filter(isPlace)],
			allowPositionals: true,
			options: {
				...modelOptions,
				language: { type: 'string' },
				context: { type: 'boolean', default: false },
				root: { type: 'string', default: '.' },
				choices: { type: 'string' },
				eagerness: { type: 'string' },
				json: { type: 'boolean', default: false },
			},
		}),
	);
}

async function readText(file: string, input: NodeJS.ReadableStream): Promise<string> {
	if (file === '-') return readAll(input);
	try {
		return await readFile(file, 'utf8');
	} catch (error) {
		throw new UsageError(`Cannot read ${file}: ${error instanceof Error ? error.message : error}`);
	}
}

async function folderAt(path: string): Promise<string> {
	const found = await stat(path).catch(() => undefined);
	if (!found?.isDirectory()) throw new UsageError(`${path} is no folder. --root names the one to read for --context.`);
	return resolve(path);
}

/** Who asks for choices gets a list, however many there are. */
function asJson(found: readonly Outcome[], isList: boolean, hasContext: boolean) {
	const described = found.map((outcome) => describe(outcome, hasContext));
	return isList ? described : described[0];
}

function describe({ completion, nothing, model, prompt, timings, usage, inquiry }: Outcome, hasContext: boolean) {
	const { queuedMs = null, firstTokenMs = null, totalMs } = timings;
	return {
		text: completion?.text ?? null,
		...(completion?.replaces ? { replaces: completion.replaces } : {}),
		reason: nothing?.reason ?? null,
		...(nothing?.detail === undefined ? {} : { detail: nothing.detail }),
		...(nothing?.raw === undefined ? {} : { raw: nothing.raw }),
		model: model ?? null,
		prompt: prompt ?? null,
		timings: { queuedMs, firstTokenMs, totalMs },
		usage,
		...(hasContext ? { context: (inquiry?.context ?? []).map(asUsed) } : {}),
	};
}

function asUsed({ path, startLine, endLine, source, score }: ContextSnippet) {
	return { path, startLine: startLine + 1, endLine: endLine + 1, source, score };
}
