import assert from 'node:assert/strict';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type CodeLens, commands, Disposable, extensions, Selection, type TextEditor, Uri, window, workspace } from 'vscode';
import { declared, writeCorpus } from '../../bench/signatures/corpus.ts';
import { set, type, until } from './editor.ts';
import { HostProfile, type LongestStretches } from './host-profile.ts';

/** In milliseconds. */
const mostBlocked = 50;
/** A machine that has other things to do only ever makes it longer. */
const rounds = 3;

/** As large as it gets, in the real extension host: no keystroke may wait for what we do. */
describe('with thousands of callers', () => {
	/** Another for each test: a text that was not saved outlives its file. */
	let folder = '';
	let tests = 0;
	const declaration = () => Uri.file(join(folder, declared.path));

	async function lens(): Promise<string> {
		const found = await commands.executeCommand<readonly CodeLens[]>('vscode.executeCodeLensProvider', declaration(), 20);
		return found.map(({ command }) => command?.title ?? '').join('; ');
	}

	const shows = (what: RegExp) => until(async () => what.test(await lens()), `“${what}” above the declaration`, 60_000);

	/** Types parameters into the declaration of a project, until nobody had to wait for long or there was no quiet moment for it. */
	async function edited(calls: number): Promise<void> {
		const editor = await window.showTextDocument(declaration());
		const longest: number[] = [];
		for (let round = 0; round < rounds && Math.min(...longest, Number.POSITIVE_INFINITY) > mostBlocked; round++) {
			const at = editor.document.positionAt(editor.document.getText().indexOf(')'));
			editor.selection = new Selection(at, at);
			const { ours } = await during(`a parameter, and its ${calls} callers (${round + 1})`, async () => {
				await type(`, more${round}?: number`, 60);
				await type(`, rate${round}: number`, 60);
				await shows(new RegExp(`^${calls} callers need an update$`));
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
		const { ours, oursRunning, anybodys } = stretches;
		const alone = `${oursRunning.toFixed(1)} ms where nobody else has the processor`;
		const figures = `ours ${ours.toFixed(1)} ms (${stretches.in}; ${alone}), whoever's ${anybodys.toFixed(1)} ms`;
		const all = `ours in all ${stretches.allOfOurs.toFixed(0)} ms`;
		console.log(`      ${what}, in ${(took / 1000).toFixed(1)} s: longest stretch ${figures}; ${all}`);
		return stretches;
	}

	before(async () => {
		await extensions.getExtension('co-clone.co-clone')?.activate();
		await set('autoSave', 'off', 'files');
	});

	beforeEach(() => {
		tests += 1;
		folder = join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', `large${tests}`);
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
		await edited(calls);
	}).timeout(240_000);

	describe('in 500 files', () => {
		const count = 500;
		const call = (index: number) => join(folder, 'src', `part${index % 40}`, `file${index}.ts`);
		const textOf = (index: number) => readFile(call(index), 'utf8');

		/** A parameter for which callers give `undefined`. */
		async function namesUnit(calls: number, certain = calls): Promise<TextEditor> {
			const editor = await window.showTextDocument(declaration());
			const at = editor.document.positionAt(declared.before.indexOf('net'));
			editor.selection = new Selection(at, at);
			await type('unit?: string, ');
			await shows(new RegExp(`^${calls} callers need an update; Update ${certain} that are certain$`));
			return editor;
		}

		/** Where the time goes: what the editor tells of its own part. */
		class Clock {
			readonly #started = performance.now();
			readonly #last = new Map<string, number>();
			readonly #listening = Disposable.from(
				workspace.onDidOpenTextDocument(() => this.#heed('opened')),
				workspace.onDidChangeTextDocument(() => this.#heed('edited')),
				workspace.onDidSaveTextDocument(() => this.#heed('saved')),
			);

			#heed(what: string) {
				if (!this.#last.has(what)) this.#last.set(`first ${what}`, performance.now());
				this.#last.set(what, performance.now());
			}

			end(): string {
				this.#listening.dispose();
				return [...this.#last].map(([what, at]) => `${what} after ${((at - this.#started) / 1000).toFixed(1)} s`).join(', ');
			}
		}

		it('all are updated in one step, but for those that somebody else changed, deleted or locked meanwhile', async () => {
			await writeCorpus(folder, count + 1, count, 1);
			await chmod(call(3), 0o444);
			const editor = await namesUnit(500, 499);
			await writeFile(call(1), `// new\n${await textOf(1)}`);
			await rm(call(2));
			const { active } = editor.selection;
			const clock = new Clock();
			await during('498 callers in as many files', async () => {
				await commands.executeCommand('co-clone.updateCertain');
			});
			console.log(`      ${clock.end()}`);
			await during('and none is left', () => shows(/^1 caller needs an update$/));
			for (let index = 4; index <= count; index++) assert.match(await textOf(index), /price\(undefined, row \+ 0\)/, `file${index}.ts`);
			assert.match(await textOf(1), /^\/\/ new\nimport[\s\S]*price\(undefined, row \+ 0\)/);
			assert.match(await textOf(3), /price\(row \+ 0\)/);
			await assert.rejects(textOf(2), { code: 'ENOENT' });
			assert.equal(window.activeTextEditor, editor);
			assert.ok(editor.selection.active.isEqual(active));
			await type('/');
			assert.match(editor.document.getText(), /price\(unit\?: string, \/net/);
			assert.equal(window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 1);
		}).timeout(240_000);

		it('what somebody else writes into one of them meanwhile, again and again, stays as it is', async () => {
			await writeCorpus(folder, 41, 40, 1);
			const original = await textOf(1);
			await namesUnit(40);
			let isDone = false;
			const writing = (async () => {
				for (let times = 1; !isDone && times < 60; times++) {
					await writeFile(call(1), `// new ${times}\n${original}`);
					await delay(30);
				}
			})();
			await commands.executeCommand('co-clone.updateCertain');
			isDone = true;
			await writing;
			// The editor hears of the last one a while after it was written.
			const isUpdated = async () => {
				await commands.executeCommand('co-clone.updateCertain');
				return /price\(undefined/.test(await textOf(1)) && (await lens()) === '';
			};
			await until(isUpdated, 'all callers updated');
			const text = await textOf(1);
			assert.match(text, /^\/\/ new/);
			assert.equal(text.replace(/^\/\/ new \d+\n/, ''), original.replace('price(row', 'price(undefined, row'));
			for (let index = 2; index <= 40; index++) assert.match(await textOf(index), /price\(undefined, row \+ 0\)/, `file${index}.ts`);
		});
	});
});
