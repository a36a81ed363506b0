import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdir, open as openFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { commands, type TextEditor, Uri, workspace } from 'vscode';
import type { FakeOllama } from '../fake-ollama.ts';
import { accepted, cleanUp, dismissed, serve, set, show, showsNothing, type, until } from './editor.ts';

describe('files that are kept from models', () => {
	const root = () => workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
	/** Another one each time: what was said of the one before is known until the editor says that it is gone. */
	const folder = () => join(root(), `kept-${count}`);
	let count = 0;
	let fake: FakeOllama;
	let answering: NodeJS.Timeout | undefined;

	beforeEach(async () => {
		fake = await serve({ tokens: () => [...' a;\n'] });
		// What is asked here is asked by this thread alone.
		await set('context', 'off');
		count++;
		await mkdir(folder(), { recursive: true });
	});
	afterEach(async () => {
		await cleanUp();
		await set('context', undefined);
		// Whoever still reads the rules gets them; who reads them later finds none.
		await delay(100);
		await rm(folder(), { recursive: true });
		clearInterval(answering);
		await fake[Symbol.asyncDispose]();
	});

	async function open(name: string): Promise<TextEditor> {
		await writeFile(join(folder(), name), 'return');
		return show('return|', Uri.file(join(folder(), name)));
	}

	/** Rules whose file waits in the system for whoever opens it, until somebody writes. */
	async function hang(): Promise<string> {
		const rules = join(folder(), '.co-cloneignore');
		await promisify(execFile)('mkfifo', [rules]);
		return rules;
	}

	/** Lets everybody read them, now and later. */
	function answer(rules: string): void {
		const write = async () => {
			await using file = await openFile(rules, constants.O_WRONLY | constants.O_NONBLOCK);
			await file.writeFile('other.ts\n');
		};
		// Where nobody waits it cannot be opened.
		answering = setInterval(() => void write().catch(() => {}), 20);
	}

	it('what is said of them while they are open counts from the next key on, in both ways', async () => {
		const editor = await open('prices.ts');
		await type(' ');
		assert.equal(await accepted(editor), 'return a;|');
		await writeFile(join(root(), '.co-cloneignore'), 'kept-*/\n');
		const isQuiet = async () => {
			await type('\nreturn ');
			return showsNothing(editor);
		};
		await until(isQuiet, 'a key that nothing is asked for');
		const asked = fake.generated.length;
		assert.ok(await isQuiet());
		assert.equal(fake.generated.length, asked);
		await rm(join(root(), '.co-cloneignore'));
		await until(async () => !(await isQuiet()), 'a suggestion');
	});

	for (const command of ['completeHere', 'completeWithContext']) {
		it(`what was asked for on demand waits for a disk that does not answer: ${command}`, async function () {
			if (process.platform === 'win32') this.skip();
			const rules = await hang();
			await open('prices.ts');
			const running = commands.executeCommand(`co-clone.${command}`);
			await delay(800);
			assert.deepEqual(fake.generated, []);
			answer(rules);
			await until(() => fake.generated.length > 0, 'the question');
			await dismissed(running);
		});
	}

	it('on a disk that does not answer nothing of a file leaves and nobody waits; when it does, the suggestion comes by itself', async function () {
		// Windows has no pipes in its file system.
		if (process.platform === 'win32') this.skip();
		const rules = await hang();
		const editor = await open('prices.ts');
		let longest = 0;
		let last = performance.now();
		const ticking = setInterval(() => {
			longest = Math.max(longest, performance.now() - last);
			last = performance.now();
		}, 5);
		await type(' ');
		assert.ok(await showsNothing(editor, 800));
		clearInterval(ticking);
		assert.ok(longest < 500, `The extension host waited for ${longest} ms.`);
		assert.deepEqual(fake.generated, []);
		answer(rules);
		assert.equal(await accepted(editor), 'return a;|');
	});
});
