import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { routes } from '../../src/gateway/routes.ts';
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
		}
	}
});
