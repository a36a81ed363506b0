import assert from 'node:assert/strict';
import { Metrics } from '../../src/gateway/access/metrics.ts';
import { Forwarder } from '../../src/regions/forward.ts';
import { placeNamed } from '../../src/regions/geography.ts';
import { registerRegions } from '../../src/regions/region-metrics.ts';
import { delay } from '../../src/std/abortable.ts';
import { Served } from '../served.ts';

const exchange = { method: 'POST', route: '/v1/completions', client: 'k', totalMs: 400, bytes: 7, end: 'whole', isLook: false } as const;

describe('what Prometheus reads', () => {
	it('counts requests by route and status, and how long they took to begin', async () => {
		const metrics = new Metrics({ running: 7 });
		metrics.add({ ...exchange, status: 200, firstMs: 30 });
		metrics.add({ ...exchange, status: 200, firstMs: 300 });
		metrics.add({ ...exchange, status: 499, firstMs: 20_000, end: 'left' });
		metrics.add({ ...exchange, status: 200, firstMs: 1, isLook: true });
		const labels = 'method="POST",route="/v1/completions"';
		const lines = (await metrics.registry.metrics()).split('\n');
		assert.deepEqual(
			lines.filter((line) => /^co_clone_requests_total|le="0\.0[25]|le="0\.4|le="15"|Inf|_sum|_count/.test(line)),
			[
				`co_clone_requests_total{${labels},status="200",end="whole"} 2`,
				`co_clone_requests_total{${labels},status="499",end="left"} 1`,
				`co_clone_first_byte_seconds_bucket{le="0.025",${labels}} 0`,
				`co_clone_first_byte_seconds_bucket{le="0.05",${labels}} 1`,
				`co_clone_first_byte_seconds_bucket{le="0.4",${labels}} 2`,
				`co_clone_first_byte_seconds_bucket{le="15",${labels}} 2`,
				`co_clone_first_byte_seconds_bucket{le="+Inf",${labels}} 3`,
				`co_clone_first_byte_seconds_sum{${labels}} 20.33`,
				`co_clone_first_byte_seconds_count{${labels}} 3`,
			],
		);
		assert.ok(lines.includes('# TYPE co_clone_first_byte_seconds histogram'));
		assert.ok(lines.includes('co_clone_running 7'));
	});

	it('has one series for all methods that somebody makes up', async () => {
		const metrics = new Metrics({ running: 0 });
		for (let i = 0; i < 50; i++) metrics.add({ ...exchange, route: undefined, method: `M${i}`, status: 405, firstMs: 1 });
		const lines = (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('co_clone_requests_total{'));
		assert.deepEqual(lines, ['co_clone_requests_total{method="other",route="",status="405",end="whole"} 50']);
	});

	it('has what a front knows of each of its regions, now', async () => {
		const { registry } = new Metrics({ running: 0 });
		const at = placeNamed('eu') ?? assert.fail();
		const regions = ['eu-west', 'us-east'].map((name) => ({ name, url: 'http://127.0.0.1:9', token: '', at: placeNamed(name) ?? at }));
		using forwarder = new Forwarder(regions, at, { now: () => 0, random: () => 0, delay });
		const sights: Record<string, { problem?: string; room?: { slots: number; running: number } }> = {
			'eu-west': { room: { slots: 8, running: 3 } },
			'us-east': { problem: 'It is gone.' },
		};
		registerRegions(forwarder, { sight: (name) => sights[name] }, registry);
		const figures = async () => (await registry.metrics()).split('\n').filter((line) => /^co_clone_region_(?!first)/.test(line));
		const [near] = forwarder.router().candidates;
		const elsewhere = forwarder.router(placeNamed('us')).candidates[0];
		const asked = near?.begin();
		elsewhere?.begin().failed(60_000);
		assert.deepEqual(await figures(), [
			'co_clone_region_requests_total{region="eu-west"} 2',
			'co_clone_region_requests_total{region="us-east"} 0',
			'co_clone_region_failures_total{region="eu-west"} 1',
			'co_clone_region_failures_total{region="us-east"} 0',
			'co_clone_region_open{region="eu-west"} 0',
			'co_clone_region_open{region="us-east"} 1',
			'co_clone_region_up{region="eu-west"} 1',
			'co_clone_region_up{region="us-east"} 0',
			'co_clone_region_free_slots{region="eu-west"} 5',
			'co_clone_region_running{region="eu-west"} 1',
			'co_clone_region_running{region="us-east"} 0',
		]);
		asked?.failed(60_000);
		assert.deepEqual(
			(await figures()).filter((line) => line.includes('eu-west')),
			[
				'co_clone_region_requests_total{region="eu-west"} 2',
				'co_clone_region_failures_total{region="eu-west"} 2',
				'co_clone_region_open{region="eu-west"} 0',
				'co_clone_region_up{region="eu-west"} 1',
				'co_clone_region_free_slots{region="eu-west"} 5',
				'co_clone_region_running{region="eu-west"} 0',
			],
		);
	});

	it('is for whoever looks after the gateway, and has neither code nor names', async () => {
		await using served = await Served.start('secret + answer');
		await (await served.post('/v1/completions', { prompt: 'secret = ', max_tokens: 8 })).text();
		await (await served.get('/secret/path')).text();
		const response = await served.get('/metrics');
		assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
		const text = await response.text();
		assert.match(text, /^co_clone_requests_total\{method="POST",route="\/v1\/completions",status="200",end="whole"\} 1$/m);
		assert.match(text, /^co_clone_requests_total\{method="GET",route="",status="404",end="whole"\} 1$/m);
		assert.match(text, /^co_clone_running 0$/m);
		assert.doesNotMatch(text, /secret/);
		const { text: key } = served.keys.create('only completes');
		assert.equal((await served.get('/metrics', { authorization: `Bearer ${key}` })).status, 403);
		assert.equal((await served.get('/metrics', { authorization: 'Bearer nobody' })).status, 401);
	});
});
