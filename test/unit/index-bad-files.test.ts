import assert from 'node:assert/strict';
import fs from 'node:fs';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Folder } from '../../src/context/index/folder.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const { readSync } = fs;

/** Something happens to a file each time that some of it was read, as often as there is something left to happen. */
function whileReading(...events: readonly (() => void)[]): void {
	const left = [...events];
	const reading = (...args: Parameters<typeof readSync>) => {
		const read = readSync(...args);
		left.shift()?.();
		return read;
	};
	Object.assign(fs, { readSync: reading });
}

/** Of another length each time, so that one state is told from the next however fast they follow. */
const state = (word: string, length: number) => `${word}();\n`.repeat(length);

describe('a file that', () => {
	let temporary: TemporaryFolder;
	let folder: Folder;
	const path = (name: string) => join(temporary.path, name);
	const find = (word: string) => folder.search(word, '', 5).map((found) => [found.path, found.text]);
	const scan = () => {
		for (const _ of folder.scan());
	};

	beforeEach(async () => {
		temporary = await TemporaryFolder.create();
		folder = new Folder(temporary.path, [], [], 1e9);
	});
	afterEach(async () => {
		Object.assign(fs, { readSync });
		await temporary[Symbol.asyncDispose]();
	});

	it('is written to while it is read is read once more', async () => {
		await writeFile(path('a.ts'), state('first', 3));
		whileReading(() => fs.writeFileSync(path('a.ts'), state('second', 5)));
		scan();
		assert.deepEqual([find('first'), find('second')], [[], [['a.ts', state('second', 5).trimEnd()]]]);
	});

	it('is written to all the time is left out until it is not', async () => {
		await writeFile(path('a.ts'), state('first', 3));
		whileReading(
			() => fs.writeFileSync(path('a.ts'), state('second', 5)),
			() => fs.writeFileSync(path('a.ts'), state('third', 7)),
		);
		scan();
		assert.deepEqual([find('first'), find('second'), find('third')], [[], [], []]);
		folder.changed('a.ts', undefined);
		assert.deepEqual(find('third'), [['a.ts', state('third', 7).trimEnd()]]);
	});

	it('becomes shorter, or is gone, while it is read makes nothing of what was there', async () => {
		await writeFile(path('a.ts'), state('first', 300));
		await writeFile(path('b.ts'), state('first', 300));
		whileReading(
			() => fs.truncateSync(path('a.ts'), 0),
			() => fs.rmSync(path('b.ts')),
		);
		scan();
		assert.deepEqual(find('first'), []);
	});

	it('changes while a piece of it is read for an answer is not in the answer', async () => {
		await writeFile(path('a.ts'), state('first', 40));
		scan();
		whileReading(() => fs.writeFileSync(path('a.ts'), state('other', 50)));
		for (const [, text] of find('first')) assert.ok(!text?.includes('other'));
		assert.deepEqual(find('first'), []);
	});

	it('has 200 MB costs a look at its size', async () => {
		await writeFile(path('a.ts'), state('first', 3));
		await writeFile(path('huge.ts'), state('first', 3));
		await truncate(path('huge.ts'), 200_000_000);
		let bytes = 0;
		Object.assign(fs, {
			readSync: (...args: Parameters<typeof readSync>) => {
				const read = readSync(...args);
				bytes += read;
				return read;
			},
		});
		scan();
		folder.changed('huge.ts', undefined);
		assert.deepEqual(
			find('first').map(([name]) => name),
			['a.ts'],
		);
		assert.ok(bytes < 1000, `${bytes} bytes read`);
	});
});
