import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Ignored, isListedAnywhere } from '../../src/context/ignored.ts';
import { setUp } from '../scripted-engine.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const forever = new AbortController().signal;

describe('files that are kept from models', () => {
	let folder: TemporaryFolder;
	let root: string;

	before(async () => {
		folder = await TemporaryFolder.create();
		root = join(folder.path, 'project');
		const files = {
			'.git/HEAD': '',
			'.gitignore': 'build/\n',
			'.co-cloneignore': '# prices\nprices/\n*.tariff.ts\n!open.tariff.ts\n',
			'src/.co-cloneignore': '/inner.ts\n',
		};
		for (const [name, text] of Object.entries(files)) {
			await mkdir(dirname(join(root, name)), { recursive: true });
			await writeFile(join(root, name), text);
		}
	});
	after(() => folder[Symbol.asyncDispose]());

	const cases: [file: string, isListed: boolean, isLeftOut: boolean][] = [
		['a.ts', false, false],
		['prices/a.ts', true, true],
		['src/prices/deep/a.ts', true, true],
		['src/a.tariff.ts', true, true],
		['open.tariff.ts', false, false],
		['src/inner.ts', true, true],
		['inner.ts', false, false],
		['build/a.ts', false, true],
		['src/secret.hidden', false, true],
		['book.ipynb#W0sZmlsZQ', false, false],
		['prices/book.ipynb#W0sZmlsZQ', true, true],
	];
	for (const [file, isListed, isLeftOut] of cases) {
		it(`${file}: ${isListed ? 'nothing of it' : isLeftOut ? 'suggestions in it, no context from it' : 'everything'}`, async () => {
			const ignored = new Ignored(() => [{ root, exclude: ['**/*.hidden'] }]);
			await ignored.untilKnown(join(root, file), forever);
			assert.deepEqual([ignored.isListed(join(root, file)), ignored.isLeftOut(join(root, file))], [isListed, isLeftOut]);
		});
	}

	it('knows nothing of files elsewhere', () => {
		const ignored = new Ignored(() => [{ root, exclude: [] }]);
		assert.equal(ignored.isListed(join(folder.path, 'projects', 'prices', 'a.ts')), false);
	});

	it('reads the rules anew when it is told to', async () => {
		const ignored = new Ignored(() => [{ root, exclude: [] }]);
		const later = join(root, 'later.ts');
		await ignored.untilKnown(later, forever);
		assert.equal(ignored.isListed(later), false);
		await writeFile(join(root, '.co-cloneignore'), 'later.ts\nprices/\n*.tariff.ts\n!open.tariff.ts\n');
		ignored.forget();
		assert.equal(ignored.isListed(later), 'unknown');
		await ignored.untilKnown(later, forever);
		assert.equal(ignored.isListed(later), true);
	});

	it('on the command line what is in the repository around a file counts', () => {
		assert.equal(isListedAnywhere(join(root, 'src', 'prices', 'a.ts')), true);
		assert.equal(isListedAnywhere(join(root, 'src', 'a.ts')), false);
	});

	it('nothing is asked in one, not even on demand or in advance', async () => {
		const { model, engine, ask } = setUp({ isIgnored: (path) => path === '/src/test.ts' });
		for (const trigger of ['automatic', 'manual'] as const) assert.equal((await ask('return |', { trigger })).picture, 'ignored-file');
		model.answer = () => ' a;';
		const place = { path: '/src/test.ts', languageId: 'typescript', prefix: 'a\n', suffix: '', trigger: 'automatic' } as const;
		await engine.warm(place, new AbortController().signal);
		await engine.lookAhead(place, { text: 'a', replaces: 0 }, new AbortController().signal);
		assert.equal(model.questions.length, 0);
		await ask('return |', { path: '/src/other.ts' });
		assert.equal(model.questions.length, 1);
	});
});
