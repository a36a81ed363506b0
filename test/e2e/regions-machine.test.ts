import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { certificate } from '../certificate.ts';
import { FakeOllama } from '../fake-ollama.ts';
import { hole, long, say, until } from './faults.ts';
import { startedAt } from './haproxy.ts';
import { Machine, whyNoMachine } from './machine.ts';
import { Curl, Gateway, pieces, RegionProcesses, Running } from './region-processes.ts';

const run = promisify(execFile);
const why = whyNoMachine();
const port = 8443;

/** As docs/operations.md has it: a gateway on its loopback, HAProxy with a certificate in front of it, another machine that asks over TLS. */
async function regionOn(machine: Machine, { home, key }: RegionProcesses): Promise<AsyncDisposable & { readonly cert: string }> {
	const files = certificate(home, machine.address) ?? assert.fail('There is no openssl.');
	const pem = join(home, 'tls.pem');
	await writeFile(pem, (await readFile(files.cert, 'utf8')) + (await readFile(files.key, 'utf8')));
	const model = await FakeOllama.start({ tokens: () => pieces(150), step: 30, prefill: 20 }, 0, machine.home);
	const args = ['0', '--model', `${model.url}/qwen2.5-coder:0.5b`, '--allow-remote'];
	const gateway = await Gateway.start(home, 'far', args, { place: machine.place });
	const one = join(home, 'one.json');
	await writeFile(one, JSON.stringify({ regions: [{ name: 'eu-west', url: gateway.url, key }] }));
	const out = join(home, 'far');
	await run(process.execPath, ['dist/cli.cjs', 'regions', 'render-haproxy', one, '--port', `${port}`, '--cert', pem, '--out', out]);
	const haproxy = new Running(startedAt(machine.place, join(out, 'haproxy.cfg')));
	const dispose = async () => {
		for (const part of [haproxy, gateway, model]) await part[Symbol.asyncDispose]();
	};
	return { cert: files.cert, [Symbol.asyncDispose]: dispose };
}

if (why !== undefined)
	console.log(`There can be no second network here (${why}), so regions-link.test.ts alone says what a dead link does.`);
else
	describe('a region on another machine', () => {
		it('is asked over TLS, left when its link swallows everything, and asked again when that is mended', async () => {
			await using tier = await RegionProcesses.start(() => ({ tokens: () => pieces(3), step: 1, prefill: 60 }));
			using machine = new Machine();
			await using far = await regionOn(machine, tier);
			const [near] = tier.regions;
			assert.ok(near);
			const listed = [
				{ name: 'eu-central', url: `https://${machine.address}:${port}`, key: tier.key },
				{ name: 'us-east', url: near.gateway.url, key: tier.key },
			];
			await writeFile(tier.file, JSON.stringify({ regions: listed }));
			await using front = await Gateway.start(tier.home, 'front', ['0', '--regions', tier.file, '--location', 'eu'], { trusts: far.cert });
			const ask = async () => {
				const at = performance.now();
				const response = await fetch(`${front.url}/v1/completions`, {
					method: 'POST',
					headers: { authorization: `Bearer ${tier.key}`, 'content-type': 'application/json' },
					body: JSON.stringify({ ...hole, max_tokens: 1 }),
				});
				await response.text();
				return { status: response.status, region: response.headers.get('x-co-clone-region'), ms: performance.now() - at };
			};
			await until(async () => (await ask()).region === 'eu-central');
			const asking = new Curl(front.url, tier.key, '/v1/completions', long, '-H', 'x-co-clone-region: eu-central');
			await asking.begun();
			const at = performance.now();
			machine.cut();
			const over = asking.exit.then(() => performance.now() - at);
			const answers: Awaited<ReturnType<typeof ask>>[] = [];
			while (performance.now() - at < 4000) answers.push(await ask());
			say(`of ${answers.length} answers the slowest came after`, Math.max(...answers.map(({ ms }) => ms)));
			assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
			assert.equal(answers.at(-1)?.region, 'us-east');
			say('the stream said so after', await over);
			assert.match(asking.text.slice(-300), /region_lost/);
			machine.mend();
			const mended = performance.now();
			await until(async () => (await ask()).region === 'eu-central', 60_000);
			say('it is asked again after', performance.now() - mended);
		});
	});
