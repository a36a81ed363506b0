import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { hole, long, say, until } from './faults.ts';
import { Curl, Gateway, pieces, RegionProcesses } from './region-processes.ts';

/** Longer than a connection is given that is closed. */
const slow = { tokens: () => pieces(150), step: 50, prefill: 20 };

/** Somebody looks after them while others work. */
describe('regions that come and go', () => {
	let tier: RegionProcesses;
	let front: Gateway;

	beforeEach(async () => {
		tier = await RegionProcesses.start(() => slow, { withAgents: true });
		front = await Gateway.start(tier.home, 'front', ['0', '--regions', tier.file, '--location', 'eu']);
	});

	afterEach(async () => {
		await front[Symbol.asyncDispose]();
		await tier[Symbol.asyncDispose]();
	});

	const ask = async (pin?: string) => {
		const response = await fetch(`${front.url}/v1/completions`, {
			method: 'POST',
			headers: { authorization: `Bearer ${tier.key}`, 'content-type': 'application/json', ...(pin && { 'x-co-clone-region': pin }) },
			body: JSON.stringify({ ...hole, max_tokens: 1 }),
		});
		await response.text();
		return { status: response.status, region: response.headers.get('x-co-clone-region') };
	};

	const streaming = async () => {
		const asking = new Curl(front.url, tier.key, '/v1/completions', long);
		await asking.begun();
		return { asking, region: tier.named(asking.header('x-co-clone-region')) };
	};

	it('get nothing new from the moment they are asked to end, and end with their last stream', async () => {
		const { asking, region } = await streaming();
		const at = performance.now();
		region.gateway.child.kill('SIGTERM');
		// The signal has to get there.
		await until(
			async () => (await fetch(`${region.gateway.url}/v1/models`, { headers: { authorization: `Bearer ${tier.key}` } })).status === 503,
		);
		say('it lets nothing in after', performance.now() - at);
		const before = region.model.generated.length;
		for (let i = 0; i < 20; i++) assert.equal((await ask()).status, 200);
		assert.equal(region.model.generated.length, before);
		assert.equal(await asking.exit, 0);
		assert.match(asking.text.slice(-300), /\[DONE\]/);
		await until(() => region.gateway.child.exitCode === 0);
		say('its stream came to its end, and it ended after', performance.now() - at);
	});

	it('are those of the file, from when it changes on, and what they stream comes to its end', async () => {
		const { asking, region } = await streaming();
		const added = await tier.add('us-east', { ...slow, step: 0, tokens: () => ['a'] });
		const at = performance.now();
		await tier.list([...tier.regions.filter((one) => one !== region), added]);
		await until(async () => (await ask('us-east')).region === 'us-east');
		say('the front knows the new region after', performance.now() - at);
		const before = region.model.generated.length;
		for (let i = 0; i < 20; i++) assert.notEqual((await ask()).region, region.name);
		assert.equal((await ask(region.name)).status, 503);
		assert.equal(region.model.generated.length, before);
		await writeFile(tier.file, '{"regions": [');
		assert.equal(await asking.exit, 0);
		assert.match(asking.text.slice(-300), /\[DONE\]/);
		say('the stream of the one that is gone came to its end after', performance.now() - at);
		assert.equal((await ask()).status, 200, 'a file that is wrong changes nothing');
	});
});
