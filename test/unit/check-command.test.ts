import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import type { ModelChoice } from '../../src/cli/model-choice.ts';
import { run } from '../../src/cli/run.ts';
import { CompletionEngine } from '../../src/completion/complete.ts';
import { everything } from '../../src/completion/gate.ts';
import { OllamaModel } from '../../src/model/ollama.ts';
import { parseModel } from '../../src/model/ollama-address.ts';
import { selfTest } from '../../src/model/self-test.ts';
import { delay } from '../../src/std/abortable.ts';
import { FakeOllama, type Script } from '../fake-ollama.ts';

const endless = Array(200).fill('1,');
const good: Partial<Script> = { step: 3, tokens: (prompt) => (prompt.includes('squares') ? endless : ['left', ' + ', 'right']) };
const bad: Partial<Script> = { step: 3, tokens: (prompt) => (prompt.includes('squares') ? endless : ['I', ' think']) };

interface Printed {
	readonly status: number;
	readonly output: string;
	readonly error: string;
	readonly choices: readonly ModelChoice[];
}

/** One whole command line, against a scripted Ollama. */
async function coClone(
	args: string[],
	script: Partial<Script> = {},
	url?: string,
	signal = new AbortController().signal,
): Promise<Printed> {
	await using fake = await FakeOllama.start(script);
	const output = new PassThrough();
	const error = new PassThrough();
	const choices: ModelChoice[] = [];
	const chosen = (choice: ModelChoice) => {
		choices.push(choice);
		const settings = parseModel(choice.model, url ?? fake.url);
		return new OllamaModel(() => settings);
	};
	const world = { policy: () => everything, now: () => performance.now(), delay };
	const parts = {
		complete: (choice: ModelChoice) => new CompletionEngine({ ...world, model: chosen(choice) }).complete,
		context: () => async () => () => undefined,
		serve: () => assert.fail('not asked for'),
		keys: () => assert.fail('not asked for'),
		login: () => assert.fail('not asked for'),
		runtime: () => assert.fail('not asked for'),
		signatures: { grammar: async () => undefined, model: chosen, isIgnored: () => false },
		lsp: () => assert.fail('not asked for'),
		check: (choice: ModelChoice, stop: AbortSignal) => selfTest(chosen(choice), world.now, stop),
	};
	const status = await run(args, { input: Readable.from(['sum(']), output, error }, parts, signal);
	output.end();
	error.end();
	return { status, output: await readAll(output), error: await readAll(error), choices };
}

describe('co-clone check', () => {
	it('prints what holds and exits with 0', async () => {
		const { status, output } = await coClone(['check', '--model', 'qwen2.5-coder:0.5b'], good);
		assert.equal(status, 0);
		const [title, ...checks] = output.trimEnd().split('\n');
		assert.equal(title, 'qwen2.5-coder:0.5b (qwen-coder)');
		assert.equal(checks[0], '✓ fills a known hole (return ▮left + right)');
		assert.deepEqual(
			checks.map(([mark]) => mark),
			['✓', '✓', '✓'],
		);
	});

	it('exits with 1 when something does not hold', async () => {
		const { status, output } = await coClone(['check'], bad);
		assert.equal(status, 1);
		assert.match(output, /^✗ fills a known hole \(return ▮I think\)$/m);
	});

	it('exits with 2 when the model cannot be asked, and says what to do', async () => {
		const down = await coClone(['check'], {}, 'http://127.0.0.1:9');
		assert.equal(down.status, 2);
		assert.match(down.error, /^The model server cannot be reached\. .*127\.0\.0\.1:9 .*Start Ollama .*--model embedded:PATH/);
		const missing = await coClone(['check', '--model', 'nope'], good);
		assert.equal(missing.status, 2);
		assert.match(missing.error, /'nope' not found.*Pull one/);
	});

	it('prints the whole report as JSON', async () => {
		const { output } = await coClone(['check', '--json', '--model', 'qwen2.5-coder:0.5b'], good);
		const { model, family, checks } = JSON.parse(output);
		assert.deepEqual([model, family, checks.length], ['qwen2.5-coder:0.5b', 'qwen-coder', 3]);
	});

	it('stops when it is told to', async () => {
		const { status, error } = await coClone(['check'], good, undefined, AbortSignal.abort());
		assert.deepEqual([status, error], [1, 'The request was cancelled.\n']);
	});
});

describe('co-clone', () => {
	it('without a command exits with 2 and prints the usage, with --help with 0', async () => {
		const [none, help, ofCommand] = await Promise.all([coClone([]), coClone(['--help']), coClone(['check', '--help'])]);
		assert.deepEqual([none.status, help.status, ofCommand.status], [2, 0, 0]);
		for (const { output } of [none, help, ofCommand]) assert.match(output, /^Usage:\n {2}co-clone complete /);
	});

	it('explains a command line that it does not understand', async () => {
		for (const args of [['chekc'], ['check', 'x'], ['check', '--modle', 'x'], ['complete']]) {
			const { status, output, error } = await coClone(args);
			assert.deepEqual([status, output], [2, ''], args.join(' '));
			assert.match(error, /^.+\n\nUsage:\n/);
		}
	});

	it('hands on which model is meant, and where models are', async () => {
		const { choices, output, error } = await coClone(
			['complete', '-', '--models', '/models', '--model', 'ollama:qwen2.5-coder:0.5b'],
			good,
		);
		assert.deepEqual(choices, [{ model: 'ollama:qwen2.5-coder:0.5b', models: '/models', allowRemote: false }]);
		assert.equal(output, 'left + right\n', error);
	});

	it('gives other advice for a model of the embedded engine', async () => {
		const { status, error } = await coClone(['complete', '-', '--model', 'embedded:nope']);
		assert.equal(status, 2);
		assert.match(error, /Select Model.*--models DIR.*--model embedded:PATH/);
	});
});
