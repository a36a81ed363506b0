import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Admission } from '../../src/gateway/admission.ts';
import type { Json } from '../../src/gateway/body.ts';
import { gatewayHandle } from '../../src/gateway/handle.ts';
import { usualLimits } from '../../src/gateway/limits.ts';
import { routes } from '../../src/gateway/routes.ts';
import { answering } from '../answering.ts';
import { Served } from '../served.ts';

/** What docs/gateway.md says: each route, and the bodies of the examples for it. */
function described(): readonly { readonly route: string; readonly examples: readonly string[] }[] {
	const [, ...sections] = readFileSync('docs/gateway.md', 'utf8').split(/^### /m);
	const found = sections.map((section) => ({
		route: section.slice(0, section.indexOf('\n')),
		examples: [...section.matchAll(/^(`{3,})json\n(.*?)^\1$/gms)].map(([, , example = '']) => example),
	}));
	// Paths that are alike share an example.
	return found.map((one, index) =>
		one.examples.length > 0 || !one.route.startsWith('POST') ? one : { ...one, examples: found[index + 1]?.examples ?? [] },
	);
}

describe('docs/gateway.md', () => {
	it('has every route, and none that is not there', () => {
		const known = routes.map(({ method, path }) => `${method} ${path}`);
		assert.deepEqual([...new Set(described().map(({ route }) => route))].toSorted(), known.toSorted());
	});

	for (const { route, examples } of described()) {
		const [method, path = ''] = route.split(' ');
		const address = path.replace(':engine', 'co-clone').replace(':id', 'co-clone');
		if (method === 'GET') {
			it(`shows ${route}`, async () => {
				await using served = await Served.start();
				assert.equal((await served.get(address)).status, 200);
			});
		}
		for (const [index, example] of examples.entries()) {
			it(`shows ${route} by an example that works (${index + 1})`, async () => {
				await using served = await Served.start(' a + b');
				const response = await served.post(address, example);
				assert.equal(response.status, 200);
				assert.doesNotMatch(await response.text(), /"error"|event: nothing/);
			});

			it(`says what is wrong with whatever else stands in it (${route} ${index + 1})`, () => sendAltered(address, example));
		}
	}
});

/** Sends it with something else in the place of each of its parts. */
async function sendAltered(path: string, example: string): Promise<void> {
	const faults: unknown[] = [];
	const handle = gatewayHandle({
		routes,
		backend: answering(' a + b'),
		admission: new Admission({ ...usualLimits, calls: { most: 10_000, perSecond: 10_000 } }),
		rules: () => ({ hosts: new Set(['localhost']), origins: new Set() }),
		authenticate: async () => ({ id: '', scopes: ['complete'] }),
		onFault: (error) => faults.push(error),
	});
	const headers = { 'content-type': 'application/json' };
	for (const body of altered(JSON.parse(example))) {
		const response = await handle(new Request(`http://localhost${path}`, { method: 'POST', headers, body: JSON.stringify(body) }));
		const said = await response.text();
		assert.ok([200, 400, 404].includes(response.status), `${JSON.stringify(body)}: ${said}`);
		if (response.status === 400) assert.match(said, /“\w+” m(ust|ay)|Send “\w+”|not a JSON object/);
	}
	assert.deepEqual(faults, []);
}

const junk: readonly Json[] = [null, true, -1, 0.5, 1e300, '', '\u0000', '__proto__', 'constructor', [], [[]], [null], {}, { text: 7 }];

/** The same with something else in the place of each of its parts, one at a time. */
function* altered(value: Json): Generator<Json> {
	yield* junk;
	if (Array.isArray(value)) {
		for (const [index, one] of value.entries()) for (const other of altered(one)) yield value.with(index, other);
	} else if (typeof value === 'object' && value !== null) {
		for (const [key, one] of Object.entries(value))
			if (one !== undefined) for (const other of altered(one)) yield { ...value, [key]: other };
	}
}
