import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Position, Range, Uri, WorkspaceEdit, workspace } from 'vscode';
import { fingerprint } from '../../src/tracking/fingerprint.ts';
import { putBack, Witness } from '../../src/vscode/signatures/witness.ts';

const planned = 'area(1);\narea(2);\n';
const ours = [{ range: new Range(0, 5, 0, 5), newText: 'undefined, ' }];

/** The editor's own texts, in the order in which it opens and edits them when there are hundreds. */
describe('whoever watches texts that are edited', () => {
	const folder = join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'witness');
	let path = '';
	let tests = 0;
	let witness: Witness;

	beforeEach(async () => {
		tests += 1;
		path = join(folder, `calls${tests}.txt`);
		await mkdir(folder, { recursive: true });
		await writeFile(path, planned);
		witness = new Witness(new Map([[path, fingerprint(planned)]]));
	});

	afterEach(async () => {
		witness.dispose();
		const open = workspace.textDocuments.find(({ uri }) => uri.fsPath === path);
		if (open?.isDirty) await open.save();
		await rm(folder, { recursive: true, force: true });
	});

	async function edit(position: Position, text: string) {
		const edits = new WorkspaceEdit();
		edits.insert(Uri.file(path), position, text);
		assert.ok(await workspace.applyEdit(edits));
	}

	const ourEdit = () => edit(new Position(0, 5), 'undefined, ');

	it('hears nothing of those that are what was planned for', async () => {
		await workspace.openTextDocument(path);
		assert.ok(witness.isQuiet);
	});

	it('hears of a file that is another when it is opened, and of an edit while it is looked at', async () => {
		await writeFile(path, `// new\n${planned}`);
		await workspace.openTextDocument(path);
		assert.ok(!witness.isQuiet);
		await writeFile(path, planned);
		witness.dispose();
		witness = new Witness(new Map([[path, fingerprint(planned)]]));
		await edit(new Position(1, 0), '// new\n');
		assert.ok(!witness.isQuiet);
	});

	it('keeps nothing of a text that was edited as planned, whatever is typed in it later', async () => {
		witness.expect(new Map([[path, ours]]));
		await ourEdit();
		await edit(new Position(0, 0), '// mine\n');
		assert.deepEqual([...witness.others], []);
	});

	it('takes an edit of several lines for ours, whatever lines end with there', async () => {
		const lines = planned.replaceAll('\n', '\r\n');
		await writeFile(path, lines);
		witness.dispose();
		witness = new Witness(new Map([[path, fingerprint(lines)]]));
		witness.expect(new Map([[path, [{ range: new Range(0, 5, 0, 5), newText: '\n\tundefined,\n\t' }]]]));
		await edit(new Position(0, 5), '\n\tundefined,\n\t');
		assert.deepEqual([...witness.others], []);
		const text = workspace.textDocuments.find(({ uri }) => uri.fsPath === path)?.getText();
		assert.equal(text, 'area(\r\n\tundefined,\r\n\t1);\r\narea(2);\r\n');
	});

	it('keeps a file that was another when it was opened, as it was', async () => {
		witness.expect(new Map([[path, ours]]));
		await writeFile(path, `// new\n${planned}`);
		await ourEdit();
		await workspace.textDocuments.find(({ uri }) => uri.fsPath === path)?.save();
		assert.notEqual(await readFile(path, 'utf8'), `// new\n${planned}`);
		assert.deepEqual([...witness.others], [[path, `// new\n${planned}`]]);
		assert.ok(await putBack(witness.others));
		assert.equal(await readFile(path, 'utf8'), `// new\n${planned}`);
	});

	it('keeps a text that somebody edited before us, as they left it', async () => {
		witness.expect(new Map([[path, ours]]));
		await edit(new Position(0, 0), '// new\n');
		await ourEdit();
		assert.deepEqual([...witness.others], [[path, `// new\n${planned}`]]);
	});
});
