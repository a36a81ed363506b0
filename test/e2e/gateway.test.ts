import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { llamaVim } from '../llama-vim.ts';
import { TemporaryFolder } from '../temporary-folder.ts';
import { environment } from './editor-page.ts';

const run = promisify(execFile);
const prompt = 'function add(left: number, right: number): number {\n\treturn ';
const suffix = ';\n}\n';
const fits = /^\s*(left \+ right|right \+ left)/;
const json = ['-H', 'Content-Type: application/json'];

/** The program, a real Ollama and a real model, asked by programs that know nothing of us. */
describe('co-clone serve with a real model', () => {
	let home: TemporaryFolder;
	let serving: ChildProcess;
	let url: string;
	let key: string;

	const environmentOf = () => ({ PATH: process.env['PATH'], HOME: home.path, XDG_RUNTIME_DIR: join(home.path, 'run') });
	const coClone = async (...args: string[]) => (await run(process.execPath, ['dist/cli.cjs', ...args], { env: environmentOf() })).stdout;
	const curl = (path: string, body: object, ...options: string[]) =>
		run('curl', [
			'--silent',
			'--no-buffer',
			...options,
			...json,
			'-H',
			`Authorization: Bearer ${key}`,
			'-d',
			JSON.stringify(body),
			url + path,
		]);

	before(async () => {
		home = await TemporaryFolder.create();
		await mkdir(join(home.path, 'run'));
		const model = `${environment('E2E_OLLAMA_URL')}/${environment('E2E_MODEL')}`;
		serving = spawn(process.execPath, ['dist/cli.cjs', 'serve', '0', '--open', '--model', model], {
			env: environmentOf(),
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		assert.ok(serving.stdout);
		for await (const line of createInterface(serving.stdout)) {
			url = /answers at (\S+)\. End/.exec(line)?.[1] ?? '';
			if (url !== '') break;
		}
		key = (await coClone('token', '--name', 'test')).trim().split('\n').at(-1) ?? '';
	});

	after(async () => {
		const exit = once(serving, 'exit');
		serving.kill();
		await exit;
		await home[Symbol.asyncDispose]();
	});

	it('fills a hole for the openai package, whole and streamed', async () => {
		const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key });
		const hole = { model: 'co-clone', prompt, suffix, max_tokens: 16 };
		assert.match((await client.completions.create(hole)).choices[0]?.text ?? '', fits);
		let text = '';
		let pieces = 0;
		for await (const { choices } of await client.completions.create({ ...hole, stream: true })) {
			text += choices[0]?.text ?? '';
			pieces++;
		}
		assert.match(text, fits);
		assert.ok(pieces > 2, `${pieces} pieces`);
	});

	it('continues the code of a chat', async () => {
		const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key });
		const content = `Finish this:\n\`\`\`ts\n${prompt.trimEnd()}\n\`\`\``;
		const { choices } = await client.chat.completions.create({ model: 'co-clone', messages: [{ role: 'user', content }] });
		assert.match(choices[0]?.message.content ?? '', fits);
	});

	it('fills a hole for the ollama package', async () => {
		const client = new Ollama({ host: url, headers: { authorization: `Bearer ${key}` } });
		const { response } = await client.generate({ model: 'co-clone', prompt, suffix, options: { num_predict: 16 } });
		assert.match(response ?? '', fits);
	});

	it('continues the code of a chat for the ollama package, streamed', async () => {
		const client = new Ollama({ host: url, headers: { authorization: `Bearer ${key}` } });
		const messages = [{ role: 'user', content: `Finish this:\n\`\`\`ts\n${prompt.trimEnd()}\n\`\`\`` }];
		let text = '';
		for await (const { message } of await client.chat({ model: 'co-clone', messages, stream: true })) text += message.content;
		assert.match(text, fits);
	});

	for (const version of ['--http1.1', '--http2-prior-knowledge']) {
		it(`fills a hole for llama.vim, with curl ${version}`, async () => {
			const { stdout } = await curl('/infill', llamaVim.infill, version);
			const answer = JSON.parse(stdout);
			assert.match(answer.content, /^(a \+ b|b \+ a)/);
			assert.deepEqual(Object.keys(answer), llamaVim.fields);
			assert.equal((await curl('/infill', llamaVim.warmUp, version)).stdout, '{}');
		});
	}

	it('answers the simplest call there is line by line', async () => {
		const { stdout } = await curl('/', { prompt: 'def add(a, b):\n', language: 'python' });
		assert.match(stdout, /return a \+ b/);
	});

	it('is free again at once when a curl is killed in the middle of an answer', async () => {
		const body = JSON.stringify({ prompt: 'const squares = [\n\t1,\n\t4,\n\t9,\n', suffix: '\n];\n', max_tokens: 400, stream: true });
		const authorization = ['-H', `Authorization: Bearer ${key}`];
		for (const version of ['--http1.1', '--http2-prior-knowledge']) {
			const child = spawn('curl', ['-sN', version, ...json, ...authorization, '-d', body, `${url}/v1/completions`]);
			await once(child.stdout, 'data');
			child.kill('SIGKILL');
			const at = performance.now();
			await curl('/v1/completions', { prompt: 'const squares = [\n\t1,\n\t4,\n\t9,\n', suffix: '\n];\n', max_tokens: 1 });
			const ms = Math.round(performance.now() - at);
			console.log(`      ${version}: the next answer is there after ${ms} ms`);
			assert.ok(ms < 5000);
		}
	});

	it('is an Ollama for another Co-Clone, which passes its self-test', async () => {
		const { checks } = JSON.parse(await coClone('check', '--model', url, '--json'));
		for (const { claim, holds, detail } of checks) console.log(`      ${claim}: ${holds} (${detail})`);
		assert.ok(checks.every(({ holds }: { readonly holds: boolean }) => holds));
	});
});
