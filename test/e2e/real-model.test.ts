import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OllamaModel } from '../../src/model/ollama.ts';
import { selfTest } from '../../src/model/self-test.ts';
import { drawn } from './drawn.ts';
import { environment } from './editor-page.ts';

const never = new AbortController().signal;

describe('a real model in a real Ollama', () => {
	const newModel = () => new OllamaModel(() => ({ url: environment('E2E_OLLAMA_URL'), model: environment('E2E_MODEL') }));

	it('passes the self-test', async () => {
		const { model, checks } = await selfTest(newModel(), () => performance.now(), never);
		for (const { claim, holds, detail } of checks) console.log(`      ${model}: ${claim}: ${holds} (${detail})`);
		assert.ok(checks.every(({ holds }) => holds));
	});

	it('generates at most two more tokens after an abort', async () => {
		const model = newModel();
		const { template } = await model.facts(never);
		const rendered = template.render('const squares = [\n\t1,\n\t4,\n\t9,\n\t16,\n\t', '\n];\n', '');
		const time = async (maxTokens: number, take: number) => {
			const times = [performance.now()];
			for await (const _ of model.generate({ ...rendered, maxTokens, stop: [] }, never)) {
				times.push(performance.now());
				if (times.length > take) break;
			}
			return { step: ((times.at(-1) ?? 0) - (times[1] ?? 0)) / Math.max(1, times.length - 2), first: (times[1] ?? 0) - (times[0] ?? 0) };
		};
		await time(1, 1);
		const surplus: number[] = [];
		for (let i = 0; i < 7; i++) {
			const { first: idle } = await time(1, 1);
			const { step } = await time(200, 6);
			const { first: afterAbort } = await time(1, 1);
			surplus.push((afterAbort - idle) / step);
		}
		surplus.sort((a, b) => a - b);
		console.log(
			`      the next request waits for ${surplus.map((tokens) => tokens.toFixed(1)).join(', ')} tokens' time more than in an idle server`,
		);
		// Whatever else runs on the machine only adds. A server that went on would make every one of them wait for 194 tokens.
		assert.ok((surplus[1] ?? Number.NaN) <= 2 && (surplus[3] ?? Number.NaN) <= 20);
	});

	it('draws other answers with other seeds, and the same with the same', async () => {
		const model = newModel();
		const said = await drawn(model, [1, 2, 3, 1]);
		assert.equal(said[3], said[0]);
		assert.ok(new Set(said).size > 1);
	});

	it('completes from the command line', async () => {
		const folder = join(environment('E2E_FOLDER'), 'command-line');
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'add.ts'), 'export function add(left: number, right: number): number {\n\treturn \n}\n');
		const args = [
			'dist/cli.cjs',
			'complete',
			`${join(folder, 'add.ts')}:2:9`,
			'--model',
			`${environment('E2E_OLLAMA_URL')}/${environment('E2E_MODEL')}`,
		];
		const { stdout } = await promisify(execFile)(process.execPath, args);
		assert.match(stdout, /^left \+ right/);
	});
});

describe('activation', () => {
	it('takes at most 30 ms', async () => {
		const folder = environment('E2E_FOLDER');
		const profiles = (await readdir(folder)).filter((name) => name.endsWith('user')).map((name) => join(folder, name, 'logs'));
		const files = await Promise.all(
			profiles.map(async (logs) => (await readdir(logs, { recursive: true })).map((name) => join(logs, name))),
		);
		const logs = files.flat().filter((file) => file.endsWith('Co-Clone.log'));
		const texts = await Promise.all(logs.map((file) => readFile(file, 'utf8')));
		const times = texts
			.flatMap((text) => [...text.matchAll(/is ready after (\d+) ms/g)].map((match) => Number(match[1])))
			.sort((a, b) => a - b);
		console.log(`      ${times.join(', ')} ms in ${times.length} windows`);
		// Whatever else runs while a window opens only adds.
		assert.ok((times[Math.floor(times.length / 4)] ?? Number.NaN) <= 30);
	});
});
