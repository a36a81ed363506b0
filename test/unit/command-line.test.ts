import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { completeCommand } from '../../src/cli/complete-command.ts';
import type { ModelChoice } from '../../src/cli/model-choice.ts';
import { parsePlace, requestAt } from '../../src/cli/place.ts';
import { CompletionEngine } from '../../src/completion/complete.ts';
import { everything } from '../../src/completion/gate.ts';
import type { Eagerness } from '../../src/completion/shape.ts';
import { contextIn, indexOfFolder } from '../../src/context/folder-context.ts';
import { OllamaModel } from '../../src/model/ollama.ts';
import { ollamaUrl, parseModel } from '../../src/model/ollama-address.ts';
import { delay } from '../../src/std/abortable.ts';
import { FakeOllama, type Script } from '../fake-ollama.ts';

let folder: string;

async function run(args: string[], { script = {}, input = '', url = '' }: { script?: Partial<Script>; input?: string; url?: string } = {}) {
	await using fake = await FakeOllama.start(script);
	const output = new PassThrough();
	const error = new PassThrough();
	const engine = ({ model }: ModelChoice, eagerness: Eagerness = 'auto') => {
		const settings = parseModel(model, url || fake.url);
		const policy = () => ({ ...everything, eagerness });
		return new CompletionEngine({ model: new OllamaModel(() => settings), policy, now: () => performance.now(), delay }).complete;
	};
	const contextOf = (root: string) => contextIn(indexOfFolder(root), root);
	const streams = { input: Readable.from([input]), output, error };
	const status = await completeCommand(args, streams, engine, contextOf, new AbortController().signal);
	output.end();
	error.end();
	return { status, output: await readAll(output), error: await readAll(error), asked: fake.generated };
}

describe('co-clone complete', () => {
	before(async () => {
		folder = await mkdtemp(join(tmpdir(), 'co-clone-'));
	});
	after(() => rm(folder, { recursive: true }));

	const file = async (name: string, text: string) => {
		const path = join(folder, name);
		await writeFile(path, text);
		return path;
	};
	const says = (...tokens: string[]): Partial<Script> => ({ tokens: () => tokens });

	it('prints the completion and exits with 0', async () => {
		const path = await file('a.ts', 'function add(a, b) {\n\treturn \n}\n');
		const { status, output } = await run([`${path}:2:9`], { script: says(' a', ' + b;') });
		assert.deepEqual([status, output], [0, 'a + b;\n']);
	});

	it('exits with 1 and says why when there is nothing', async () => {
		const path = await file('b.ts', 'return ');
		assert.deepEqual(await run([`${path}:1:8`], { script: says('') }).then(({ status, error }) => [status, error]), [
			1,
			'The model has nothing to add here.\n',
		]);
		const repeated = await file('e.ts', 'a();\n\nbee();');
		const dropped = await run([`${repeated}:2:1`], { script: says('bee();') });
		assert.deepEqual([dropped.status, dropped.error], [1, 'The answer repeats what is already there. The model said: “bee();”.\n']);
		const { output } = await run([`${repeated}:2:1`, '--json'], { script: says('bee();') });
		const { text, reason, raw } = JSON.parse(output);
		assert.deepEqual([text, reason, raw], [null, 'already-there', 'bee();']);
		const secret = await file('.env', 'KEY=');
		const { status, error, asked } = await run([`${secret}:1:5`]);
		assert.deepEqual([status, asked.length], [1, 0]);
		assert.match(error, /never sent/);
	});

	it('exits with 2 and says what to do when the server or the model is at fault', async () => {
		const path = await file('c.ts', 'return ');
		const down = await run([`${path}:1:8`], { url: 'http://127.0.0.1:9' });
		assert.equal(down.status, 2);
		assert.match(down.error, /Start Ollama/);
		const missing = await run([`${path}:1:8`, '--model', 'nope']);
		assert.equal(missing.status, 2);
		assert.match(missing.error, /'nope' not found.*Pull one/);
	});

	it('shows the model what the folder knows of the place, and says what that was', async () => {
		await mkdir(join(folder, 'shop/src'), { recursive: true });
		const cart = 'import { tax } from "./tax";\n\nexport function total(cart: Cart, discount: number): number {\n\treturn 0;\n}\n';
		await file('shop/src/cart.ts', cart);
		await file('shop/src/.env', 'total=1');
		const path = await file('shop/src/main.ts', "import { total } from './cart';\n\nexport const sum = total(\n");
		const args = [`${path}:3:26`, '--context', '--root', join(folder, 'shop'), '--json'];
		const { output, asked } = await run(args, { script: says('cart, 0);') });
		assert.deepEqual(
			JSON.parse(output).context.map(({ score, ...used }: { score: number }) => ({ ...used, isScored: score > 0 && score <= 1 })),
			[{ path: 'src/cart.ts', startLine: 3, endLine: 3, source: 'definition', isScored: true }],
		);
		const [{ body } = { body: {} as Record<string, unknown> }] = asked;
		assert.match(
			String(body['prompt']),
			/<\|file_sep\|>src\/cart\.ts\nexport function total\(cart: Cart, discount: number\): number\n<\|file_sep\|>src\/main\.ts\n/,
		);
	});

	it('without --context nothing is read, and with it only a folder', async () => {
		const path = await file('plain.ts', 'return ');
		assert.equal(JSON.parse((await run([`${path}:1:8`, '--json'], { script: says('1;') })).output).context, undefined);
		await assert.rejects(run([`${path}:1:8`, '--context', '--root', path]), /is no folder/);
		await assert.rejects(run(['-:1:1', '--context'], { input: 'a' }), /needs a file/);
	});

	it('prints everything as JSON', async () => {
		const path = await file('d.ts', 'return ');
		const { output } = await run([`${path}:1:8`, '--json', '--model', 'ollama:qwen2.5-coder:0.5b'], { script: says(' a') });
		const { timings, ...rest } = JSON.parse(output);
		assert.deepEqual(rest, {
			text: 'a',
			reason: null,
			model: 'qwen2.5-coder:0.5b',
			prompt: '<|fim_prefix|><|fim_suffix|><|fim_middle|>return',
			usage: { promptTokens: 7, completionTokens: 1 },
		});
		assert.deepEqual(Object.keys(timings), ['queuedMs', 'firstTokenMs', 'totalMs']);
		for (const time of Object.values(timings)) assert.ok(typeof time === 'number' && time >= 0);
	});

	it('prints as many choices as are asked for and differ', async () => {
		const path = await file('choices.ts', 'return ');
		const script = () => {
			const drawn = [' a', ' b', ' b', ' c', ' d'];
			return { tokens: () => drawn.splice(0, 1) };
		};
		const plain = await run([`${path}:1:8`, '--choices', '3'], { script: script() });
		assert.deepEqual([plain.status, plain.output], [0, 'a\n---\nb\n---\nc\n']);
		const listed = JSON.parse((await run([`${path}:1:8`, '--choices', '2', '--json'], { script: script() })).output);
		assert.deepEqual(
			listed.map(({ text }: { text: string }) => text),
			['a', 'b'],
		);
		const nothing = await run([`${path}:1:8`, '--choices', '2', '--json'], { script: says('') });
		assert.deepEqual([nothing.status, JSON.parse(nothing.output).length, nothing.asked.length], [1, 1, 1]);
	});

	it('completes as the editor does while somebody types, as eagerly as is said', async () => {
		const path = await file('eager.ts', 'function f() {\n\t\n}\n');
		const script = says('\tfoo();', '\n\tbar();', '\n\tbaz();', '\n}');
		const lines = async (...args: string[]) => (await run([`${path}:2:2`, ...args], { script })).output.trim().split('\n').length;
		assert.equal(await lines('--eagerness', 'line'), 1);
		assert.equal(await lines('--eagerness', 'block'), 3);
		assert.equal(await lines(), 3);
		const empty = await file('empty.ts', '\n');
		assert.deepEqual(await run([`${empty}:1:1`, '--eagerness', 'auto']).then(({ status, error }) => [status, error]), [
			1,
			'The document is empty so far.\n',
		]);
	});

	it('reads standard input', async () => {
		const { output } = await run(['-', '--language', 'python'], { input: 'def add(a, b):\n    return', script: says(' a + b') });
		assert.equal(output, ' a + b\n');
		const { asked } = await run(['-:1:3'], { input: 'a b', script: says('c') });
		assert.match(String(asked[0]?.body['prompt']), />b<.*>a$/);
	});

	const wrong: [args: string[], message: RegExp][] = [
		[[], /Name one place/],
		[['a.ts'], /not a place/],
		[['a.ts:0:1'], /not a place/],
		[['a.ts:1:1', 'b.ts:1:1'], /Name one place/],
		[['a.ts:1:1', '--mode', 'x'], /--mode/],
		[['-:1:1', '--choices', '0'], /from 1 to 10/],
		[['-:1:1', '--choices', 'many'], /from 1 to 10/],
		[['-:1:1', '--eagerness', 'much'], /line, block, auto/],
		[['/nowhere/a.ts:1:1'], /Cannot read \/nowhere\/a.ts/],
	];
	for (const [args, message] of wrong) {
		it(`refuses ${JSON.stringify(args)}`, () => assert.rejects(run(args), { name: 'UsageError', message }));
	}
});

describe('a place in a text', () => {
	const pictures: [text: string, place: string, picture: string][] = [
		['ab\ncd\n', 'f:2:2', 'ab\nc|d\n'],
		['ab\r\ncd\r\n', 'f:2:3', 'ab\ncd|\n'],
		['\uFEFFab', 'f:1:1', '|ab'],
		['\ta', 'f:1:2', '\t|a'],
		['😀b', 'f:1:3', '😀|b'],
		['', 'f:1:1', '|'],
		['ab', '-', 'ab|'],
	];
	for (const [text, place, picture] of pictures) {
		it(`${JSON.stringify(text)} ${place} → ${JSON.stringify(picture)}`, () => {
			const { prefix, suffix } = requestAt(text, parsePlace(place), 'x');
			assert.equal(`${prefix}|${suffix}`, picture);
		});
	}

	it('says where the text ends', () => {
		assert.throws(() => requestAt('ab', parsePlace('f:2:1'), 'x'), /There is no line 2: the text has 1/);
		assert.throws(() => requestAt('ab', parsePlace('f:1:4'), 'x'), /line 1 ends at column 3/);
	});

	it('takes a Windows path', () => assert.deepEqual(parsePlace('C:\\a.ts:3:4'), { file: 'C:\\a.ts', line: 3, column: 4 }));
});

describe('the address of a model', () => {
	const hosts: [host: string | undefined, url: string][] = [
		[undefined, 'http://127.0.0.1:11434'],
		['', 'http://127.0.0.1:11434'],
		['0.0.0.0', 'http://127.0.0.1:11434'],
		['box', 'http://box:11434'],
		['box:99', 'http://box:99'],
		[':99', 'http://127.0.0.1:99'],
		['https://box.example', 'https://box.example'],
		['http://box:99/', 'http://box:99'],
		['http://box/proxy/', 'http://box/proxy'],
	];
	for (const [host, url] of hosts) it(`OLLAMA_HOST=${host} → ${url}`, () => assert.equal(ollamaUrl(host), url));

	const specs: [spec: string | undefined, url: string, model: string | undefined][] = [
		[undefined, 'http://127.0.0.1:11434', undefined],
		['auto', 'http://127.0.0.1:11434', undefined],
		['a:1b', 'http://127.0.0.1:11434', 'a:1b'],
		['ollama:a:1b', 'http://127.0.0.1:11434', 'a:1b'],
		['http://box:99', 'http://box:99', undefined],
		['http://box:99/hf.co/a/b:Q4', 'http://box:99', 'hf.co/a/b:Q4'],
	];
	for (const [spec, url, model] of specs)
		it(`--model ${spec} → ${url} ${model}`, () => assert.deepEqual(parseModel(spec, undefined), { url, model }));
});
