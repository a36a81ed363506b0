import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Breath } from '../../src/std/breath.ts';
import { DiskFiles } from '../../src/tracking/disk-files.ts';

describe('the files of a workspace', () => {
	let root = '';
	beforeEach(async () => {
		root = await realpath(await mkdtemp(join(tmpdir(), 'co-clone-disk-files-')));
	});
	afterEach(() => rm(root, { recursive: true, force: true }));

	it('are listed again when one came while they were listed', async () => {
		const files = new DiskFiles((path) => path.endsWith('.ts'));
		files.setFolders([{ root, exclude: [] }]);
		const read = async (breath: Breath) => (await files.read(new Set(['typescript']), breath)).map(({ path }) => basename(path));
		await writeFile(join(root, 'one.ts'), '');
		const first = read(await pausing());
		writeFileSync(join(root, 'two.ts'), '');
		files.forget();
		assert.deepEqual(await first, ['one.ts']);
		assert.deepEqual(await read(await pausing()), ['one.ts', 'two.ts']);
	});
});

/** One that lets others in at the first opportunity. */
async function pausing(): Promise<Breath> {
	const breath = new Breath(new AbortController().signal);
	await delay(20);
	return breath;
}
