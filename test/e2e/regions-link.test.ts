import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { hole, long, say, until } from './faults.ts';
import { Haproxy } from './haproxy.ts';
import { Link } from './link.ts';
import { Curl, freePort, Gateway, pieces, type RegionProcess, RegionProcesses } from './region-processes.ts';

/** In front of the regions of a tier. */
interface Front extends AsyncDisposable {
	readonly url: string;
}

const fronts: Readonly<Record<string, (tier: RegionProcesses) => Promise<Front>>> = {
	'our own front': (tier) => Gateway.start(tier.home, 'front', ['0', '--regions', tier.file, '--location', 'eu']),
	HAProxy: async (tier) => Haproxy.start(tier, `http://127.0.0.1:${await freePort()}`),
};

for (const [who, start] of Object.entries(fronts))
	describe(`a region that nothing comes from any more, and not even that, behind ${who}`, () => {
		let tier: RegionProcesses;
		let front: Front;
		let link: Link;
		let far: RegionProcess;

		beforeEach(async () => {
			const address = `http://127.0.0.1:${await freePort()}`;
			tier = await RegionProcesses.start(() => ({ tokens: () => pieces(150), step: 30, prefill: 20 }), { address });
			const [first = assert.fail()] = tier.regions;
			far = first;
			link = await Link.between(address, far.gateway.url);
			const regions = tier.regions.map(({ name, gateway: { url } }) => ({ name, url: name === far.name ? link.url : url, key: tier.key }));
			await writeFile(tier.file, JSON.stringify({ regions }));
			front = await start(tier);
		});

		afterEach(async () => {
			await front[Symbol.asyncDispose]();
			await link[Symbol.asyncDispose]();
			await tier[Symbol.asyncDispose]();
		});

		const pinned = () => ['-H', `x-co-clone-region: ${far.name}`];

		const ask = async (file: number) => {
			const at = performance.now();
			const response = await fetch(`${front.url}/v1/completions`, {
				method: 'POST',
				headers: { authorization: `Bearer ${tier.key}`, 'content-type': 'application/json' },
				body: JSON.stringify({ ...hole, prompt: `${hole.prompt}${file}`, max_tokens: 1 }),
			});
			await response.text();
			return { status: response.status, region: response.headers.get('x-co-clone-region'), ms: performance.now() - at };
		};

		it('gets no more requests after some seconds, and some again when the way is mended', async () => {
			for (let i = 0; i < 6; i++) assert.equal((await ask(i)).status, 200);
			const asking = new Curl(front.url, tier.key, '/v1/completions', long, '--http2-prior-knowledge', ...pinned());
			await asking.begun();
			const at = performance.now();
			link.cut();
			const over = asking.exit.then(() => performance.now() - at);
			const answers: Awaited<ReturnType<typeof ask>>[] = [];
			while (performance.now() - at < 5000) answers.push(...(await Promise.all([ask(answers.length), ask(answers.length + 1)])));
			say(`of ${answers.length} answers the slowest came after`, Math.max(...answers.map(({ ms }) => ms)));
			say('the stream was over after', await over);
			assert.doesNotMatch(asking.text, /\[DONE\]/);
			assert.ok((await over) < 6000);
			assert.ok(answers.filter(({ status }) => status !== 200).length <= 2, 'more than were under way');
			assert.ok(Math.max(...answers.map(({ ms }) => ms)) < 5000);
			for (let i = 0; i < 12; i++) assert.notEqual((await ask(i)).region, far.name);
			const mended = performance.now();
			link.mend();
			let file = 0;
			await until(async () => (await ask(file++)).region === far.name, 90_000);
			say('it is asked again after', performance.now() - mended);
		});
	});
