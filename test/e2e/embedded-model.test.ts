import assert from 'node:assert/strict';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EmbeddedModel } from '../../src/model/embedded.ts';
import { EngineClient } from '../../src/model/engine-client.ts';
import { type EngineProgram, engineAddress } from '../../src/model/engine-process.ts';
import type { GenerateOptions, LanguageModel } from '../../src/model/language-model.ts';
import { ModelError, type ModelErrorCode } from '../../src/model/model-error.ts';
import { OllamaModel } from '../../src/model/ollama.ts';
import { selfTest } from '../../src/model/self-test.ts';
import { TemporaryFolder } from '../temporary-folder.ts';
import { drawn } from './drawn.ts';
import { environment } from './editor-page.ts';

const never = new AbortController().signal;

interface Timing {
	readonly text: string;
	/** Milliseconds. */
	readonly first: number;
	/** Between two pieces, as a rule: what else the machine does delays some of them. */
	readonly step: number;
}

async function time(model: LanguageModel, options: Omit<GenerateOptions, 'stop'>): Promise<Timing> {
	const started = performance.now();
	const times: number[] = [];
	let text = '';
	for await (const piece of model.generate({ stop: [], ...options }, never)) {
		times.push(performance.now());
		text += piece;
	}
	const [first = Number.NaN] = times;
	const steps = times.slice(1).map((at, index) => at - (times[index] ?? Number.NaN));
	return { text, first: first - started, step: median(steps) };
}

function median(numbers: readonly number[]): number {
	return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

function failsWith(code: ModelErrorCode, message: RegExp) {
	return (error: unknown) => error instanceof ModelError && error.code === code && message.test(error.message);
}

const leastRounds = 4;
const mostRounds = 12;

describe('a real model in the embedded engine', () => {
	let folder: TemporaryFolder;
	let program: EngineProgram;
	let client: EngineClient;
	let model: EmbeddedModel;
	let source: string;
	const modelAt = (modelPath: string, engine = client) =>
		new EmbeddedModel(() => ({ name: 'small', modelPath, contextLength: 4096 }), engine);
	const enginePid = async () => Number(await readFile(engineAddress(program).replace('.sock', '.lock'), 'utf8'));

	before(async () => {
		folder = await TemporaryFolder.create();
		const script = resolve('dist', 'engine.cjs');
		program = { script, llama: environment('E2E_LLAMA'), folder: folder.path, gpu: false, idleMs: 600_000, lingerMs: 500 };
		client = new EngineClient(() => program);
		model = modelAt(environment('E2E_WEIGHTS'));
		source = await readFile(resolve('src', 'completion', 'complete.ts'), 'utf8');
	});

	after(async () => {
		client.close();
		await folder[Symbol.asyncDispose]();
	});

	it('passes the self-test', async () => {
		const started = performance.now();
		await model.facts(never);
		console.log(`      started and loaded in ${Math.round(performance.now() - started)} ms`);
		const { checks } = await selfTest(model, () => performance.now(), never);
		for (const { claim, holds, detail } of checks) console.log(`      ${claim}: ${holds} (${detail})`);
		assert.ok(checks.every(({ holds }) => holds));
	});

	it('is as fast as Ollama', async () => {
		const ollama = new OllamaModel(() => ({ url: environment('E2E_OLLAMA_URL'), model: environment('E2E_MODEL') }));
		const { template } = await model.facts(never);
		const ours: Timing[] = [];
		const theirs: Timing[] = [];
		// Whatever else runs on the machine only slows down, so the best of each is what the engines can do.
		const best = (timings: Timing[], what: 'first' | 'step') => Math.min(...timings.map((timing) => timing[what]));
		const ratios = () => ({ first: best(ours, 'first') / best(theirs, 'first'), speed: best(theirs, 'step') / best(ours, 'step') });
		// On a machine that is shared the ratios wander, and ours the more, because it leaves a core to others; far from one they mean that
		// something is wrong.
		const isFine = () => ratios().first <= 1.5 && ratios().speed >= 0.7;
		for (const other of [ollama, model]) await time(other, { prompt: 'warm', maxTokens: 2 });
		for (let round = 0; round < leastRounds || (round < mostRounds && !isFine()); round++) {
			// A beginning of its own makes every round cold.
			const { prompt } = template.render(
				`// ${round}\n${source.slice(round * 300, round * 300 + 900)}\nconst squares = [1, 4, 9,`,
				'];\n',
				'',
			);
			const options = { prompt, maxTokens: 32 };
			const pair = [await time(model, options), await time(ollama, options)] as const;
			ours.push(pair[0]);
			theirs.push(pair[1]);
			const [embedded, other] = pair.map(({ first, step }) => `${first.toFixed(0)} ms, ${(1000 / step).toFixed(1)} tokens/s`);
			console.log(`      embedded ${embedded}; Ollama ${other}; ${pair[0].text === pair[1].text ? 'the same text' : 'other text'}`);
		}
		const { first, speed } = ratios();
		console.log(`      embedded/Ollama: time to first token ${first.toFixed(2)}, tokens per second ${speed.toFixed(2)}`);
		assert.ok(isFine());
	}).timeout(400_000);

	it('answers within three steps when it knows what came before', async () => {
		const { template } = await model.facts(never);
		const { prompt } = template.render(`${source.slice(0, 1500)}\nfunction add(left: number, right: number): number {\n`, '}\n', '\t');
		await time(model, { prompt, maxTokens: 1 });
		const rounds: number[] = [];
		for (const typed of ['re', 'ret', 'retu', 'retur', 'return']) {
			const { first, step, text } = await time(model, { prompt, maxTokens: 12, start: typed });
			console.log(`      ${typed}| ${JSON.stringify(text)} first token after ${(first / step).toFixed(1)} steps of ${step.toFixed(0)} ms`);
			assert.ok(text.startsWith(typed));
			rounds.push(first / step);
		}
		assert.ok(median(rounds) <= 3);
	});

	it('finishes the word that is being typed', async () => {
		const { template } = await model.facts(never);
		const { prompt } = template.render('function add(left: number, right: number): number {\n', '}\n', '\t');
		const stop = ['\n'];
		const healed = await time(model, { prompt, maxTokens: 16, start: 'retu', ...{ stop } });
		assert.equal(healed.text, 'return left + right;');
	});

	it('draws other answers with other seeds, and the same with the same', async () => {
		const said = await drawn(model, [1, 2, 3, 1]);
		assert.equal(said[3], said[0]);
		assert.ok(new Set(said).size > 1);
	});

	it('obeys a grammar', async () => {
		const grammar = 'root ::= "{\\"name\\": \\"" [a-z]+ "\\"}"';
		let text = '';
		for await (const piece of model.generate({ prompt: 'A person as JSON:\n', maxTokens: 24, stop: [], grammar }, never)) text += piece;
		assert.match(text, /^\{"name": "[a-z]+"\}$/);
	});

	it('is one engine for two windows', async () => {
		const pid = await enginePid();
		const second = new EngineClient(() => program);
		const other = modelAt(environment('E2E_WEIGHTS'), second);
		const options = { prompt: 'const a = 1;\n', maxTokens: 8 };
		const [ours, theirs] = await Promise.all([time(model, options), time(other, options)]);
		assert.equal(ours.text, theirs.text);
		assert.equal(await enginePid(), pid);
		second.close();
	});

	it('keeps its memory over 1,000 requests, half of them aborted', async () => {
		const request = async (number: number) => {
			const caller = new AbortController();
			const start = number % 5 === 0 ? 'ret' : undefined;
			// Every fourth while it is read, every fourth while the answer comes.
			if (number % 4 === 3) setTimeout(() => caller.abort(), 10);
			try {
				for await (const _ of model.generate({ prompt: `const a${number} = `, maxTokens: 2, stop: [], start }, caller.signal)) {
					if (number % 4 === 1) caller.abort();
				}
				assert.equal(number % 2, 0);
			} catch (error) {
				if (!caller.signal.aborted) throw error;
			}
		};
		const bytes: number[] = [];
		for (let number = 0; number < 1000; number++) {
			if (number % 50 === 0) bytes.push(await model.memory(never));
			await request(number);
		}
		bytes.push(await model.memory(never));
		console.log(`      ${bytes.map((size) => (size / 1e6).toFixed(0)).join(', ')} MB`);
		const [, settled = Number.NaN] = bytes;
		assert.ok(bytes.slice(1).every((size) => Math.abs(size / settled - 1) <= 0.05));
		assert.ok(Math.max(...bytes) <= 1.1e9);
	});

	it('is back within ten seconds after it was killed', async () => {
		const options = { prompt: 'const squares = [1, 4, 9,', maxTokens: 200, stop: [] };
		const killed = (async () => {
			for await (const _ of model.generate(options, never)) process.kill(await enginePid(), 'SIGKILL');
		})();
		await assert.rejects(killed, failsWith('unreachable', /ended unexpectedly/));
		const { first } = await time(model, { ...options, maxTokens: 4 });
		console.log(`      first token after ${first.toFixed(0)} ms`);
		assert.ok(first <= 10_000);
	});

	it('says what is wrong with a file', async () => {
		const weights = await open(environment('E2E_WEIGHTS'));
		const head = Buffer.alloc(20_000_000);
		await weights.read(head, 0, head.length, 0);
		await weights.close();
		const strange = Buffer.from(head);
		strange.write('qwenX', strange.indexOf('qwen2'));
		const files: [name: string, content: Buffer, says: RegExp][] = [
			['text.gguf', Buffer.from('not a model\n'.repeat(100)), /is not a model in GGUF format/],
			['empty.gguf', Buffer.alloc(0), /is not a model in GGUF format/],
			['cut.gguf', head, /is cut off/],
			['cut-early.gguf', head.subarray(0, 50_000), /is cut off/],
			['strange.gguf', strange, /“qwenX”.* does not know/],
		];
		for (const [name, content, says] of files) {
			const path = join(folder.path, name);
			await writeFile(path, content);
			await assert.rejects(modelAt(path).facts(never), (error: unknown) => {
				console.log(`      ${error instanceof Error ? error.message.replace(path, name) : error}`);
				return failsWith('bad-response', says)(error);
			});
		}
		await assert.rejects(modelAt(join(folder.path, 'none.gguf')).facts(never), failsWith('model-missing', /is not there/));
		// And the right one is as good as before.
		assert.notEqual((await time(model, { prompt: 'const a = ', maxTokens: 4 })).text, '');
	});
});
