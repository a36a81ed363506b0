import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Agent } from '../../src/regions/agent.ts';
import { placeNamed } from '../../src/regions/geography.ts';
import { renderHaproxy } from '../../src/regions/haproxy.ts';

const at = placeNamed('eu') ?? assert.fail();
const near = { name: 'eu-west', url: 'http://127.0.0.1:9101', token: 'secret', at, agentPort: 9201 };
const far = { name: 'us-east', url: 'https://us.example.com', token: 'secret', at };

describe('a configuration of HAProxy', () => {
	const { config, map } = renderHaproxy([near, far], { port: 8080, map: '/etc/haproxy/regions.map', certificate: undefined });
	const section = (name: string) => config.split('\n\n').find((one) => one.startsWith(name));

	it('sends to the regions that have room, and to one alone where a request is pinned', () => {
		assert.equal(
			section('backend regions'),
			`backend regions
  balance leastconn
  http-send-name-header Host
  option httpchk
  http-check send meth GET uri /healthz ver HTTP/1.1 hdr Host %[srv_name]
  default-server inter 500ms fall 2 rise 2 max-reuse 400 on-marked-down shutdown-sessions
  server 127.0.0.1:9101 127.0.0.1:9101 proto h2 check check-proto h2 weight 100 agent-check agent-port 9201 agent-inter 500ms
  http-response set-header x-co-clone-region eu-west if { srv_name 127.0.0.1:9101 }
  server us.example.com us.example.com:443 ssl verify required ca-file @system-ca sni str(us.example.com) alpn h2 check check-sni us.example.com check-alpn h2
  http-response set-header x-co-clone-region us-east if { srv_name us.example.com }`,
		);
		assert.match(section('backend only_us-east') ?? '', /server us\.example\.com .* track regions\/us\.example\.com\n/);
		assert.equal(map, 'eu-west only_eu-west\nus-east only_us-east\n');
	});

	it('signs in at one region, and at another where that one is down', () => {
		assert.match(section('frontend gateway') ?? '', /use_backend sign_in if \{ path_beg \/oauth\/ \}\n {2}use_backend %/);
		const [one, other] = section('backend sign_in')?.match(/ {2}server .*/g) ?? [];
		assert.match(one ?? '', /127\.0\.0\.1:9101 .* track regions\/127\.0\.0\.1:9101$/);
		assert.match(other ?? '', /us\.example\.com .* track regions\/us\.example\.com backup$/);
	});

	it('is for this machine alone, unless there is a certificate', () => {
		assert.match(section('frontend gateway') ?? '', /\n {2}bind 127\.0\.0\.1:8080\n/);
		const open = renderHaproxy([near], { port: 443, map: 'm', certificate: '/etc/haproxy/tls.pem' });
		assert.match(open.config, /\n {2}bind :::443 v4v6 ssl crt \/etc\/haproxy\/tls\.pem alpn h2,http\/1\.1\n/);
	});

	it('has no key in it', () => {
		assert.doesNotMatch(config + map, /secret/);
	});
});

describe('the agent of a region', () => {
	async function asked(agent: Agent): Promise<string> {
		return text(connect(agent.port, '127.0.0.1'));
	}

	it('says which share of the slots is free', async () => {
		let running = 0;
		await using agent = await Agent.listen({ port: 0, slots: 4, running: () => running });
		assert.equal(await asked(agent), 'ready up 100% maxconn:8\n');
		running = 3;
		assert.equal(await asked(agent), 'ready up 25% maxconn:8\n');
		running = 7;
		assert.equal(await asked(agent), 'ready up 1% maxconn:8\n');
	});

	it('turns what is new away before it ends, and waits for what is under way', async function () {
		this.timeout(8000);
		let running = 1;
		await using agent = await Agent.listen({ port: 0, slots: 4, running: () => running });
		let isOver = false;
		const draining = agent.drain().then(() => {
			isOver = true;
		});
		assert.equal(await asked(agent), 'drain\n');
		await new Promise((resolve) => setTimeout(resolve, 2300));
		assert.equal(isOver, false);
		running = 0;
		await draining;
	});
});
