import assert from 'node:assert/strict';
import { Metrics } from '../../src/gateway/access/metrics.ts';
import { prometheusText } from '../../src/gateway/access/prometheus.ts';
import { Served } from '../served.ts';

const exchange = { method: 'POST', route: '/v1/completions', client: 'k', totalMs: 400, bytes: 7, end: 'whole', isLook: false } as const;

describe('what Prometheus reads', () => {
	it('counts requests by route and status, and how long they took to begin', () => {
		const metrics = new Metrics();
		metrics.add({ ...exchange, status: 200, firstMs: 30 });
		metrics.add({ ...exchange, status: 200, firstMs: 300 });
		metrics.add({ ...exchange, status: 499, firstMs: 20_000, end: 'left' });
		metrics.add({ ...exchange, status: 200, firstMs: 1, isLook: true });
		const labels = 'method="POST",route="/v1/completions"';
		const lines = prometheusText(metrics.measures).split('\n');
		assert.deepEqual(
			lines.filter((line) => /^co_clone_requests_total|le="0\.0[25]|le="0\.4|le="15"|Inf|_sum|_count/.test(line)),
			[
				`co_clone_requests_total{${labels},status="200",end="whole"} 2`,
				`co_clone_requests_total{${labels},status="499",end="left"} 1`,
				`co_clone_first_byte_seconds_bucket{${labels},le="0.025"} 0`,
				`co_clone_first_byte_seconds_bucket{${labels},le="0.05"} 1`,
				`co_clone_first_byte_seconds_bucket{${labels},le="0.4"} 2`,
				`co_clone_first_byte_seconds_bucket{${labels},le="15"} 2`,
				`co_clone_first_byte_seconds_bucket{${labels},le="+Inf"} 3`,
				`co_clone_first_byte_seconds_sum{${labels}} 20.33`,
				`co_clone_first_byte_seconds_count{${labels}} 3`,
			],
		);
		assert.ok(lines.includes('# TYPE co_clone_first_byte_seconds histogram'));
	});

	it('has no quote or line of its own in a label', () => {
		const text = prometheusText([{ name: 'n', help: 'h', type: 'gauge', samples: [{ labels: { a: 'x"\n\\' }, value: 1 }] }]);
		assert.equal(text, '# HELP n h\n# TYPE n gauge\nn{a="x\\"\\n\\\\"} 1\n');
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
