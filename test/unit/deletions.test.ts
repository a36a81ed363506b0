import assert from 'node:assert/strict';
import { Deletions } from '../../src/completion/deletions.ts';
import { at } from '../picture.ts';
import { setUp } from '../scripted-engine.ts';

/** What is known to be deleted after a document went through these states. */
function deleted(...pictures: string[]): readonly string[] {
	const deletions = new Deletions();
	return pictures.map((picture) => deletions.before(at(picture))).at(-1) ?? [];
}

describe('what was just deleted', () => {
	const states: [what: string, pictures: string[], pieces: string[]][] = [
		['a line', ['a();\nfoo();|\nb();', 'a();\n|b();'], ['foo();\n']],
		['a line at the end', ['a();\nfoo();|', 'a();\n|'], ['foo();']],
		['the end of a line, key by key', ['x = foo|', 'x = fo|', 'x = f|', 'x = |'], ['foo']],
		['what comes after the cursor, key by key', ['x = |foo', 'x = |oo', 'x = |o', 'x = |'], ['foo']],
		['what was typed over', ['a();\n|foo();\nb();', 'a();\nx|\nb();'], ['foo();']],
		['two pieces', ['a b|', 'a |', 'a c|', 'a |'], ['b', 'c']],
		['nothing while somebody types', ['a|', 'ab|', 'ab(|)', 'ab(c|)'], []],
		['nothing while the cursor moves', ['a|b', 'ab|'], []],
	];
	for (const [what, pictures, pieces] of states) {
		it(`is ${what}: ${JSON.stringify(pictures)}`, () => assert.deepEqual(deleted(...pictures), pieces));
	}

	it('is forgotten after some typing, and in another file', () => {
		const typing = Array.from({ length: 40 }, (_, length) => `a ${'b'.repeat(length)}|`);
		assert.deepEqual(deleted('a foo|', ...typing), []);
		const deletions = new Deletions();
		for (const [picture, path] of [
			['a foo|', '/a.ts'],
			['a |', '/a.ts'],
			['a |', '/b.ts'],
		] as const) {
			assert.equal(deletions.before(at(picture, { path })).length, path === '/a.ts' && picture === 'a |' ? 1 : 0);
		}
	});

	it('is not suggested', async () => {
		const { model, ask } = setUp();
		model.answer = () => 'log(total);';
		await ask('a();\nlog(total);|\nb();');
		assert.equal((await ask('a();\n|\nb();')).picture, 'just-deleted');
		assert.equal((await ask('a();\nc();\n|\nb();')).picture, 'just-deleted');
	});
});
