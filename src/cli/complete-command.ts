import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { Complete } from '../completion/complete.ts';
import type { Outcome } from '../completion/completion.ts';
import { languageOf } from '../completion/language.ts';
import { reasons } from '../completion/reason.ts';
import { parsePlace, requestAt } from './place.ts';
import { UsageError } from './usage.ts';

/** The program's own standard streams. */
export interface Streams {
	readonly input: NodeJS.ReadableStream;
	readonly output: NodeJS.WritableStream;
	readonly error: NodeJS.WritableStream;
}

/** What to do about a backend that failed. */
const advice: Readonly<Record<string, string>> = {
	unreachable: 'Start Ollama (ollama serve), or name a server: --model http://host:11434.',
	stalled: 'Restart Ollama if it stays like this, or name another server: --model http://host:11434.',
	'model-missing': 'Pull one (ollama pull qwen2.5-coder:1.5b), or name an installed one: --model NAME.',
	'no-infill': 'Name a model that can: --model qwen2.5-coder:1.5b or --model deepseek-coder:1.3b-base.',
	overloaded: 'Try again later, or name another server: --model http://host:11434.',
	'no-memory': 'Name a smaller one: --model NAME, or close other programs.',
	'bad-response': 'Check the address (--model URL) and the log of the server.',
	bug: 'Please report it.',
};

/** `co-clone complete …`. Resolves to the exit status. */
export async function completeCommand(
	args: readonly string[],
	streams: Streams,
	engine: (model: string | undefined) => Complete,
	signal: AbortSignal,
): Promise<0 | 1 | 2> {
	const { values, positionals } = parseCommandLine(args);
	const [where, ...more] = positionals;
	if (where === undefined || more.length > 0) throw new UsageError('Name one place to complete: FILE:LINE:COLUMN.');
	const place = parsePlace(where);
	const text = await readText(place.file, streams.input);
	const request = requestAt(text, place, values.language ?? languageOf(place.file));
	const outcome = await engine(values.model)(request, signal);
	if (values.json) streams.output.write(`${JSON.stringify(asJson(outcome), undefined, 2)}\n`);
	return report(outcome, streams, values.json);
}

function parseCommandLine(args: readonly string[]) {
	// A place on standard input, `-:1:5`, looks like an option.
	const isPlace = (arg: string) => arg.startsWith('-:');
	try {
		return parseArgs({
			args: [...args.filter((arg) => !isPlace(arg)), '--', ...args.filter(isPlace)],
			allowPositionals: true,
			options: { model: { type: 'string' }, language: { type: 'string' }, json: { type: 'boolean', default: false } },
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

function report({ completion, nothing }: Outcome, { output, error }: Streams, isJson: boolean): 0 | 1 | 2 {
	if (completion) {
		if (!isJson) output.write(`${completion.text}\n`);
		return 0;
	}
	const reason = nothing?.reason ?? 'bug';
	const detail = nothing?.detail ?? nothing?.error?.message;
	error.write(`${[reasons[reason], detail, advice[reason]].filter(Boolean).join(' ')}\n`);
	return reason in advice ? 2 : 1;
}

function asJson({ completion, nothing, model, prompt, timings, usage }: Outcome) {
	const { queuedMs = null, firstTokenMs = null, totalMs } = timings;
	return {
		text: completion?.text ?? null,
		...(completion?.replaces ? { replaces: completion.replaces } : {}),
		reason: nothing?.reason ?? null,
		...(nothing?.detail === undefined ? {} : { detail: nothing.detail }),
		model: model ?? null,
		prompt: prompt ?? null,
		timings: { queuedMs, firstTokenMs, totalMs },
		usage,
	};
}
