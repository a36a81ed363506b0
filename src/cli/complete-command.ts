import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { ChooseContext } from '../completion/anchor.ts';
import type { Complete } from '../completion/complete.ts';
import type { CompletionRequest, Outcome } from '../completion/completion.ts';
import { languageOf } from '../completion/language.ts';
import type { ContextSnippet } from '../context/snippet.ts';
import { type ModelChoice, modelOptions } from './model-choice.ts';
import { parsePlace, requestAt } from './place.ts';
import { type ExitStatus, reportNothing, type Streams } from './streams.ts';
import { UsageError } from './usage.ts';

/** What a folder knows of a place in one of its files. */
export type FindContext = (root: string) => (request: CompletionRequest, signal: AbortSignal) => Promise<ChooseContext>;

/** `co-clone complete …`. Resolves to the exit status. */
export async function completeCommand(
	args: readonly string[],
	streams: Streams,
	engine: (choice: ModelChoice) => Complete,
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
	const context = values.context
		? await contextIn(await folderAt(values.root))({ ...request, path: resolve(request.path) }, signal)
		: undefined;
	const outcome = await engine({ model, models, allowRemote })({ ...request, context }, signal);
	if (json) streams.output.write(`${JSON.stringify(asJson(outcome, values.context), undefined, 2)}\n`);
	else if (outcome.completion) streams.output.write(`${outcome.completion.text}\n`);
	return outcome.nothing ? reportNothing(outcome.nothing, model, streams) : 0;
}

function parseCommandLine(args: readonly string[]) {
	// A place on standard input, `-:1:5`, looks like an option.
	const isPlace = (arg: string) => arg.startsWith('-:');
	try {
		return parseArgs({
			args: [...args.filter((arg) => !isPlace(arg)), '--', ...args.filter(isPlace)],
			allowPositionals: true,
			options: {
				...modelOptions,
				language: { type: 'string' },
				context: { type: 'boolean', default: false },
				root: { type: 'string', default: '.' },
				json: { type: 'boolean', default: false },
			},
		});
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
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

function asJson({ completion, nothing, model, prompt, timings, usage, inquiry }: Outcome, hasContext: boolean) {
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
