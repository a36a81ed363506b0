import { parseArgs } from 'node:util';
import { window } from 'vscode';
import { CompletionEngine } from '../../src/completion/complete.ts';
import type { CompletionRequest } from '../../src/completion/completion.ts';
import { cut } from '../../src/completion/cut.ts';
import { everything } from '../../src/completion/gate.ts';
import { Memory } from '../../src/completion/memory.ts';
import { buildPrompt } from '../../src/completion/prompt.ts';
import { shapeAt } from '../../src/completion/shape.ts';
import { trim } from '../../src/completion/trim.ts';
import { windowAt } from '../../src/completion/window.ts';
import type { LanguageModel, ModelFacts } from '../../src/model/language-model.ts';
import { GhostTextProvider, showGhostText } from '../../src/vscode/ghost-text.ts';
import { Journal } from '../../src/vscode/journal.ts';
import { OnScreen } from '../../src/vscode/on-screen.ts';
import { requestAt } from '../../src/vscode/request-at.ts';
import { Document } from '../editor/document.ts';
import { host, Selection } from '../editor/vscode.ts';
import { publish } from '../results.ts';
import { template } from '../server/simulated-model.ts';
import { figure, table } from '../table.ts';
import { type Timing, time, timeAsync } from './stopwatch.ts';

export const microUsage = `  micro   how long the parts of a keystroke take
      --out DIR        where the results go (default bench/results)`;

const options = { out: { type: 'string', default: 'bench/results' } } as const;

const facts: ModelFacts = {
	name: 'none',
	template,
	contextLength: 4096,
	canConstrain: false,
	speed: { prefillTokensPerSecond: 1000, stepMs: 10 },
};
const windowTokens = 2000;

export async function micro(args: string[]): Promise<void> {
	const { values } = parseArgs({ args, options });
	const timings = [...prompts(), ...memories(), ...answers(), await keystroke()];
	const cells = timings.map(({ name, p50, p95, most }) => [name, figure(p50, 1), figure(p95, 1), verdict(p95, most)]);
	await publish(values.out, 'micro', args, { timings }, `Microseconds.\n\n${table(['what', 'p50', 'p95', 'target'], cells)}`);
}

function verdict(p95: number, most: number | undefined): string {
	return most === undefined ? '' : `≤ ${most} ${p95 <= most ? 'pass' : 'MISS'}`;
}

/** Ten thousand lines of code, with the cursor in the middle. */
function longDocument(): { readonly document: Document; readonly offset: number } {
	const block = (i: number) =>
		`export function total${i}(values: readonly number[], factor = ${i}): number {\n\tlet sum = 0;\n\tfor (const value of values) sum += value * factor;\n\treturn sum;\n}\n\n`;
	const text = Array.from({ length: 1667 }, (_, i) => block(i)).join('');
	return { document: new Document('/long.ts', text), offset: text.indexOf('\n\nexport function total833(') + 1 };
}

/** Somebody types there, a character a turn, and begins a new line after a while. The result is the change event of the turn. */
function typist() {
	const { document, offset } = longDocument();
	let cursor = offset;
	return () => {
		const text = (cursor - offset) % 40 === 39 ? '\n' : 'x = call(y); '.charAt((cursor - offset) % 13);
		const change = { rangeOffset: cursor, rangeLength: 0, text };
		document.change([change]);
		cursor++;
		const position = document.positionAt(cursor);
		const selection = new Selection(position, position);
		host.activeEditor = { document, selection, selections: [selection] };
		return { document, contentChanges: [change], reason: undefined };
	};
}

function prompts(): Timing[] {
	const type = typist();
	const typed = () => {
		type();
		return requestNow();
	};
	let held = windowAt(typed(), undefined, windowTokens);
	return [
		time('the place: text around the cursor, 10,000 lines', type, requestNow),
		time(
			'prompt, the anchor holds',
			typed,
			(request) => {
				held = windowAt(request, held, windowTokens);
				return buildPrompt(held, request, facts);
			},
			1000,
		),
		time('prompt, a new anchor', typed, (request) => buildPrompt(windowAt(request, undefined, windowTokens), request, facts), 1000),
		time(
			'place and prompt together',
			type,
			() => {
				const request = requestNow();
				return buildPrompt(windowAt(request, undefined, windowTokens), request, facts);
			},
			1000,
		),
	];
}

/** The place where the typist is. */
function requestNow(): CompletionRequest {
	const editor = window.activeTextEditor;
	if (!editor) throw new Error('Nobody types.');
	return requestAt(editor.document, editor.selection.active, 'automatic');
}

function memories(): Timing[] {
	const type = typist();
	const typed = () => {
		type();
		return requestNow();
	};
	const answer = {
		trigger: 'automatic',
		model: '',
		prompt: '',
		firstTokenAt: 0,
		usage: { promptTokens: null, completionTokens: null },
	} as const;
	const memory = new Memory();
	const asked = Array.from({ length: 100 }, typed);
	for (const [i, request] of asked.entries())
		memory.store(request, { ...answer, result: { text: `answer ${i} that goes on for a line or so;`, replaces: 0 } });
	const hit = (turn: number) => {
		const request = asked[turn % 100];
		return { ...(request ?? typed()), prefix: `${request?.prefix}answer ${turn % 100} that` };
	};
	return [
		time('memory of 100 answers: found', hit, (request) => memory.find(request)),
		time('memory of 100 answers: not found', typed, (request) => memory.find(request)),
	];
}

function answers(): Timing[] {
	typist()();
	const request = { ...requestNow(), prefix: 'function total(values) {', suffix: '\n}\n' };
	const shape = { ...shapeAt(request, facts), maxLines: 12 };
	const whole = Array.from({ length: 12 }, (_, i) => `\n\tconst part${i} = compute(values[${i}], ${i});`).join('');
	const raw = (turn: number) => whole.slice(0, 1 + ((turn * 4) % whole.length));
	return [
		time('cut, each piece of a block of 12 lines', raw, (text) => cut(text, shape, template.specialTokens, false)),
		time(
			'trim, a block of 12 lines',
			() => whole,
			(text) => trim(text, request),
		),
	];
}

/** From the change event to the request to the model, all listeners of ghost text included. */
async function keystroke(): Promise<Timing> {
	let asked = () => {};
	const model: LanguageModel = {
		facts: async () => facts,
		async *generate() {
			asked();
			yield* [];
		},
	};
	const policy = () => everything;
	const engine = new CompletionEngine({ model, policy, now: () => performance.now(), delay: async () => {} });
	const journal = new Journal(window.createOutputChannel('Co-Clone', { log: true }));
	const listening = showGhostText(new GhostTextProvider(engine, journal, new OnScreen(engine)));
	const type = typist();
	try {
		return await timeAsync(
			'keystroke, from the change to the model',
			type,
			async (event) => {
				const reached = new Promise<void>((resolve) => {
					asked = resolve;
				});
				host.changed.fire(event);
				await reached;
			},
			1000,
		);
	} finally {
		listening.dispose();
	}
}
