import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CodeLens, commands, extensions, Selection, Uri, window, workspace } from 'vscode';
import { declared, writeCorpus } from '../../bench/signatures/corpus.ts';
import { set, type, until } from './editor.ts';
import { HostProfile, type LongestStretches } from './host-profile.ts';

/** In milliseconds. */
const mostBlocked = 50;
/** A machine that has other things to do only ever makes it longer. */
const rounds = 3;

/** As large as it gets, in the real extension host: no keystroke may wait for what we do. */
describe('with thousands of callers', () => {
	const folder = join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'large');

	async function lens(uri: Uri): Promise<string> {
		const found = await commands.executeCommand<readonly CodeLens[]>('vscode.executeCodeLensProvider', uri, 20);
		return found.map(({ command }) => command?.title ?? '').join('; ');
	}

	const shows = (uri: Uri, what: RegExp) => until(async () => what.test(await lens(uri)), `“${what}” above the declaration`, 60_000);

	/** Types parameters into the declaration of a project, until nobody had to wait for long or there was no quiet moment for it. */
	async function edited(root: string, calls: number): Promise<void> {
		const uri = Uri.file(join(root, declared.path));
		const editor = await window.showTextDocument(uri);
		const longest: number[] = [];
		for (let round = 0; round < rounds && Math.min(...longest, Number.POSITIVE_INFINITY) > mostBlocked; round++) {
			const at = editor.document.positionAt(editor.document.getText().indexOf(')'));
			editor.selection = new Selection(at, at);
			const { ours } = await during(`a parameter, and its ${calls} callers (${round + 1})`, async () => {
				await type(`, more${round}?: number`, 60);
				await type(`, rate${round}: number`, 60);
				await shows(uri, new RegExp(`^${calls} callers need an update$`));
			});
			longest.push(ours);
		}
		assert.ok(Math.min(...longest) <= mostBlocked, `${longest.join(' ms, ')} ms`);
	}

	async function during(what: string, work: () => Promise<unknown>): Promise<LongestStretches> {
		const profile = await HostProfile.start();
		const started = performance.now();
		await work();
		const took = performance.now() - started;
		const stretches = await profile.end(join(extensions.getExtension('co-clone.co-clone')?.extensionPath ?? '', 'dist'));
		const figures = `ours ${stretches.ours.toFixed(1)} ms (${stretches.in}), whoever's ${stretches.anybodys.toFixed(1)} ms`;
		console.log(`      ${what}, in ${(took / 1000).toFixed(1)} s: longest stretch ${figures}`);
		return stretches;
	}

	before(async () => {
		await extensions.getExtension('co-clone.co-clone')?.activate();
		await set('autoSave', 'off', 'files');
	});

	afterEach(async () => {
		await commands.executeCommand('co-clone.dismissChange');
		await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
		await commands.executeCommand('workbench.action.closeAllEditors');
		await rm(folder, { recursive: true, force: true });
	});

	after(() => set('autoSave', undefined, 'files'));

	it('the extension host never waits 50 ms for us, from the first keystroke to the last caller', async () => {
		const { calls } = await writeCorpus(folder, 1000, 2000);
		await edited(folder, calls);
	}).timeout(240_000);
});
