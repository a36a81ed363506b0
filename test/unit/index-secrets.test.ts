import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAllowed } from '../../src/context/allowed.ts';
import { Folder } from '../../src/context/index/folder.ts';
import { planted } from '../secrets.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

describe('the index of a folder with 50 secrets', () => {
	let temporary: TemporaryFolder;
	let folder: Folder;
	let saved: Buffer;

	before(async () => {
		temporary = await TemporaryFolder.create();
		const root = join(temporary.path, 'work');
		for (const { file, text } of planted) {
			await mkdir(dirname(join(root, file)), { recursive: true });
			await writeFile(join(root, file), `export function near_${file.replaceAll(/\W/g, '_')}() {}\n${text}\n`);
		}
		folder = new Folder(root, [], [], 1e9);
		for (const _ of folder.scan());
		folder.save(join(temporary.path, 'saved'));
		saved = await readFile(join(temporary.path, 'saved'));
	});
	after(() => temporary[Symbol.asyncDispose]());

	it('is there', () => {
		assert.ok(saved.length > 1000);
		assert.ok(folder.fileCount >= planted.length - 2, 'a log and a diff are nothing that somebody wrote');
	});

	it('has none of them in its file', () => {
		for (const { way, secret } of planted) for (const line of secret.split('\n')) assert.ok(!saved.includes(line), way);
	});

	it('has none of them in what it shows, and what they were left out of is no context', () => {
		let shown = 0;
		for (const { way, file, secret, text } of planted) {
			const name = `near_${file.replaceAll(/\W/g, '_')}`;
			const found = [...folder.search(`${name} ${text}`, '', 5), ...folder.definitions(name, '', new Set())];
			for (const line of secret.split('\n')) assert.ok(!JSON.stringify(found).includes(JSON.stringify(line).slice(1, -1)), way);
			for (const snippet of folder.search(text, '', 1)) {
				shown++;
				assert.ok(!snippet.text.includes('HIDDEN_SECRET') || !isAllowed(snippet), way);
			}
		}
		assert.ok(shown > planted.length / 2);
	});

	it('finds nothing by a secret', () => {
		for (const { way, secret } of planted) {
			if (/^[a-f0-9]{20,}$/i.test(secret) || /^[A-Za-z0-9]{36}$/.test(secret)) assert.deepEqual(folder.search(secret, '', 1), [], way);
		}
	});

	it('nor does a text that is not saved bring one in', () => {
		const { secret, text } = planted.find(({ way }) => way === 'a default for the environment') ?? { secret: '', text: '' };
		folder.changed('unsaved.js', `function unsavedZebra() {}\n${text}\n`);
		const [found] = folder.search('unsavedZebra', '', 1);
		assert.ok(found?.text.includes('HIDDEN_SECRET') && !found.text.includes(secret));
	});
});
