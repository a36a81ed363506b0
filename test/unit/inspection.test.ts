import assert from 'node:assert/strict';
import type { Position, Uri } from 'vscode';
import { alternatives, mostInEditor } from '../../src/completion/candidates.ts';
import type { CompletionRequest, Outcome } from '../../src/completion/completion.ts';
import { inspectionText } from '../../src/vscode/inspection-text.ts';
import type { Entry } from '../../src/vscode/journal.ts';
import { at } from '../picture.ts';
import { setUp } from '../scripted-engine.ts';

const never = new AbortController().signal;

function entry(request: CompletionRequest, outcome: Outcome, more: Partial<Entry> = {}): Entry {
	const position = { line: request.prefix.split('\n').length - 1, character: 7 } as Position;
	return { document: { uri: { toString: () => 'file:///src/a%20b.ts' } as Uri }, position, request, outcome, ...more };
}

/** The lines of a section. */
function section(text: string, title: string): string {
	const from = text.indexOf(`## ${title}\n`);
	assert.ok(from >= 0, `no “${title}” in:\n${text}`);
	return text.slice(from, text.indexOf('\n## ', from + 1) >>> 0).trim();
}

describe('the page about the last request', () => {
	async function inspected(picture: string, says: string, facts: { canConstrain?: boolean } = {}): Promise<string> {
		const { model, engine } = setUp();
		model.modelFacts = { ...model.modelFacts, ...facts };
		model.answer = () => says;
		const request = at(picture);
		const asked = entry(request, await engine.complete(request, never));
		return inspectionText(asked, asked);
	}

	it('has what was sent, byte for byte, and how it was put together', async () => {
		const text = await inspected('// above\na();\nreturn |\n}', ' b;\n');
		assert.match(
			text,
			/^# The last question of the editor\n\n- place: file:\/\/\/src\/a b\.ts:3:8\n- language: typescript\n- asked: by typing/,
		);
		assert.ok(section(text, 'The prompt').includes('```text\n<|fim_prefix|><|fim_suffix|>\n}<|fim_middle|>// above\na();\nreturn\n```'));
		const asked = section(text, 'What was asked');
		for (const line of [
			'model: scripted',
			'order: append',
			'0 characters, 21 typed since, hole, 2 after',
			'left out: " "',
			'wanted: a line',
			'drawn: no',
		])
			assert.ok(asked.includes(line), `${line} in ${asked}`);
	});

	it('says which code from elsewhere it showed, and why', async () => {
		const { model, engine } = setUp();
		model.answer = () => ' b;';
		const cart = { path: 'src/cart.ts', startLine: 2, endLine: 8, text: 'class Cart {', source: 'definition', score: 1 } as const;
		const request = at('return |', { context: () => ({ repository: 'shop', path: 'src/test.ts', snippets: [cart] }) });
		const asked = entry(request, await engine.complete(request, never));
		assert.match(section(inspectionText(asked, asked), 'Code from elsewhere'), /- src\/cart\.ts:3–9: declares a name near the cursor$/);
	});

	it('shows what each stage did to the answer', async () => {
		const stages = section(await inspected('foo(|)', 'a, b)\nbar()'), 'The answer, stage by stage');
		assert.deepEqual(stages.match(/(?<=```text\n)[^`]*(?=\n```)/g), ['a, b)\n', 'a, b)', 'a, b)']);
		const dropped = await inspected('a();\n|\nb();', 'b();');
		assert.match(section(dropped, 'What came of it'), /Nothing: The answer repeats what is already there\. \(`already-there`\)/);
		assert.match(
			section(dropped, 'The answer, stage by stage'),
			/1\. What the model said:\n\n```text\nb\(\);\n```[\s\S]*Nothing is left: The answer repeats/,
		);
		const misfit = await inspected('return |', '-x');
		assert.match(
			section(misfit, 'The answer, stage by stage'),
			/```text\n-x?\n```\n\n2\. .*\n\nIt does not begin with " ", as it would have to\./,
		);
	});

	it('says how much of the prompt was there from the one before', async () => {
		const { model, engine } = setUp();
		model.answer = () => ' x;\n';
		const first = at('// above\nreturn |\n}');
		await engine.complete(first, never);
		const second = at('// above\nreturn (|)\n}');
		const asked = entry(second, await engine.complete(second, never));
		const cached = {
			...asked,
			outcome: { ...asked.outcome, inquiry: asked.outcome.inquiry && { ...asked.outcome.inquiry, use: { tokens: 50, cached: 46 } } },
		};
		assert.match(
			section(inspectionText(asked, asked), 'How much was read and written'),
			/prompt: \d+ characters, 9\d % of them as in the prompt before\n- prompt tokens: not reported/,
		);
		assert.match(
			section(inspectionText(cached, cached), 'How much was read and written'),
			/prompt tokens: 50\n- of these from the cache: 46, 92 %/,
		);
	});

	it('tells the times of what was asked now from those of what was asked before', async () => {
		const { model, engine } = setUp();
		model.answer = () => ' abc;\n';
		const first = at('return |');
		const second = at('return a|');
		const now = entry(first, await engine.complete(first, never));
		const before = entry(second, await engine.complete(second, never));
		assert.match(section(inspectionText(now, now), 'How long it took'), /model asked: after 0 ms\n- first token: after 0 ms/);
		assert.match(
			section(inspectionText(before, before), 'How long it took'),
			/model asked: before, for an earlier question\n- first token: before/,
		);
	});

	it('shows what there was to choose from, and how that was drawn', async () => {
		const { model, engine } = setUp();
		model.answer = (_, { sampling }) => ` ${'abc'[sampling?.seed ?? 0]};\n`;
		const request = at('return |');
		const outcome = await engine.complete(request, never);
		assert.ok(outcome.completion);
		const others = await alternatives(engine.complete, request, outcome.completion, mostInEditor, never);
		const asked = entry(request, outcome, { alternatives: others.map((other) => ({ outcome: other })) });
		const text = inspectionText(asked, asked);
		assert.match(section(text, 'To choose from, 1'), /```text\nb;\n```/);
		assert.match(section(text, 'To choose from, 2'), /```text\nc;\n```/);
		assert.match(text, /drawn: at temperature 0\.8, seed 1/);
	});

	it('has nothing of a file that was not sent', async () => {
		const { model, engine } = setUp();
		model.answer = () => ' x;\n';
		const secret = at('TOKEN=hunter2|', { path: '/home/me/.env' });
		const kept = entry(secret, await engine.complete(secret, never));
		const sent = at('return |');
		const asked = entry(sent, await engine.complete(sent, never));
		const text = inspectionText(kept, asked);
		assert.doesNotMatch(text, /hunter2/);
		assert.match(text, /Files that may hold secrets are never sent.*\n\nNothing was sent to a model for this\./);
		assert.match(text, /# The last one that a model was asked for[\s\S]*<\|fim_middle\|>return/);
		assert.match(inspectionText(kept, undefined), /No model was asked yet\./);
		assert.match(inspectionText(undefined, undefined), /^# No request yet/);
	});

	it('is not broken by fences in the text', async () => {
		const text = await inspected('```\ncode\n```\nreturn |', ' x;\n');
		assert.match(section(text, 'The prompt'), /\n````text\n[\s\S]*```\nreturn\n````$/);
	});
});
