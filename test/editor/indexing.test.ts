import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, extensions, Uri, window, workspace } from 'vscode';
import { WorkerIndex } from '../../src/context/worker-index.ts';
import { Indexing } from '../../src/vscode/indexing.ts';
import { set, until } from './editor.ts';

describe('the index of the workspace', () => {
	let cache: string;
	let index: WorkerIndex;
	let indexing: Indexing;
	const faults: string[] = [];
	const root = () => workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
	const found = async (text: string) => {
		const snippets = await index.search({ text, path: '', limit: 9 }, new AbortController().signal);
		return snippets
			.map(({ path }) => path)
			.toSorted()
			.join(' ');
	};
	const finds = (text: string, paths: string) => until(async () => (await found(text)) === paths, `${text} in ${paths || 'nothing'}`);

	before(async () => {
		cache = await mkdtemp(join(tmpdir(), 'co-clone-index-'));
		const script = join(extensions.getExtension('co-clone.co-clone')?.extensionPath ?? '', 'dist', 'index-worker.cjs');
		index = new WorkerIndex({ script, cache, mostBytes: 1e8, onEvent: (event) => event.kind === 'fault' && faults.push(event.message) });
		// In a browser it is on.
		await set('autoSave', 'off', 'files');
		await mkdir(join(root(), 'indexed'));
		await writeFile(join(root(), 'indexed', 'a.ts'), 'function zebraCrossing() {}\n');
		indexing = new Indexing(index, 0);
	});

	after(async () => {
		await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
		await set('context', undefined);
		await set('autoSave', undefined, 'files');
		indexing.dispose();
		await index.close();
		await rm(join(root(), 'indexed'), { recursive: true, force: true });
		await rm(cache, { recursive: true, force: true });
		assert.deepEqual(faults, []);
	});

	it('has the files of all its folders', () => finds('zebraCrossing', 'first/indexed/a.ts'));

	it('follows what other programs do to the files', async () => {
		await writeFile(join(root(), 'indexed', 'b.ts'), 'function penguinParade() {}\n');
		await finds('penguinParade', 'first/indexed/b.ts');
		await rename(join(root(), 'indexed'), join(root(), 'moved'));
		await finds('penguinParade', 'first/moved/b.ts');
		await rename(join(root(), 'moved'), join(root(), 'indexed'));
		await finds('penguinParade', 'first/indexed/b.ts');
		await rm(join(root(), 'indexed', 'b.ts'));
		await finds('penguinParade', '');
	});

	it('knows what is typed and not saved, until it is taken back', async () => {
		const document = await workspace.openTextDocument(Uri.file(join(root(), 'indexed', 'a.ts')));
		const editor = await window.showTextDocument(document);
		await editor.edit((edit) => edit.insert(document.positionAt(0), 'function walrusWaltz() {}\n'));
		await finds('walrusWaltz', 'first/indexed/a.ts');
		await commands.executeCommand('workbench.action.files.revert');
		await finds('walrusWaltz', '');
		await finds('zebraCrossing', 'first/indexed/a.ts');
	});

	it('follows rules that change', async () => {
		await writeFile(join(root(), 'indexed', '.co-cloneignore'), 'a.ts\n');
		await finds('zebraCrossing', '');
		await rm(join(root(), 'indexed', '.co-cloneignore'));
		await finds('zebraCrossing', 'first/indexed/a.ts');
	});

	it('leaves out what the editor hides', async () => {
		await set('exclude', { '**/indexed': true }, 'files');
		await finds('zebraCrossing', '');
		await set('exclude', undefined, 'files');
		await finds('zebraCrossing', 'first/indexed/a.ts');
	});

	it('is there only as long as it is wanted', async () => {
		await set('context', 'off');
		await finds('zebraCrossing', '');
		await set('context', undefined);
		await finds('zebraCrossing', 'first/indexed/a.ts');
	});
});
