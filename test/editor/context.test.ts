import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DefinitionProvider, type Disposable, Location, languages, Position, Selection, Uri, window, workspace } from 'vscode';
import type { FakeOllama } from '../fake-ollama.ts';
import { cleanUp, serve, set, until } from './editor.ts';

/** The workspace is empty apart from what a test writes into it. */
const root = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const folder = join(root, 'shop');

describe('context in the editor', () => {
	let fake: FakeOllama;
	const listening: Disposable[] = [];

	beforeEach(async () => {
		await mkdir(folder, { recursive: true });
		fake = await serve({ tokens: () => [...' 1;\n'] });
	});

	afterEach(async () => {
		for (const one of listening.splice(0)) one.dispose();
		await cleanUp();
		await set('context', undefined);
		await fake[Symbol.asyncDispose]();
		await rm(folder, { recursive: true, force: true });
	});

	/** Each test has files of its own: the editor remembers a text for a while that it has shown. */
	const file = async (name: string, text: string) => {
		await writeFile(join(folder, name), text);
		return Uri.file(join(folder, name));
	};
	/** Opens a file with the cursor at its end. */
	const open = async (uri: Uri) => {
		const document = await workspace.openTextDocument(uri);
		const editor = await window.showTextDocument(document);
		const end = document.positionAt(document.getText().length);
		editor.selection = new Selection(end, end);
		return editor;
	};
	const prompts = () => fake.generated.map(({ body }) => String(body['prompt']));
	const isShown = (text: string) => prompts().some((prompt) => prompt.includes(text));
	/** How fast a model reads is known when it has read something; before, it is shown nothing from elsewhere. */
	const measured = async () => {
		await open(await file('first.txt', 'line of text\n'.repeat(100)));
		await until(() => fake.generated.some(({ isFinished }) => isFinished), 'the model to have read something');
		await delay(100);
	};
	/** Where a made-up language server says that names are declared. */
	const answering = (answer: (name: string) => unknown) => {
		const provider: DefinitionProvider = {
			provideDefinition: (document, at) => answer(document.getText(document.getWordRangeAtPosition(at))) as Location,
		};
		listening.push(languages.registerDefinitionProvider({ pattern: '**/shop/*' }, provider));
	};
	const cart = 'one\n\nfunction total(cart: Cart, discount: number): number {\n\treturn 0;\n}\n';
	const signature = 'function total(cart: Cart, discount: number): number';

	it('has what the language features say of the names around the cursor', async () => {
		await measured();
		const where = await file('cart.txt', cart);
		answering((name) => (name === 'total' ? new Location(where, new Position(2, 9)) : undefined));
		await open(await file('features.txt', 'one();\n\n\n\nconst sum = total('));
		await until(() => isShown(signature), 'context');
		assert.ok(!isShown('return 0;'), 'without the body');
	});

	it('is there without an answer of the language features, and with nonsense', async () => {
		await measured();
		const where = await file('nonsense-cart.txt', cart);
		answering((name) => {
			if (name === 'never') return new Promise(() => {});
			if (name === 'broken') throw new Error('a bug of the language server');
			if (name === 'nowhere') return new Location(Uri.file('/does/not/exist'), new Position(7, 0));
			if (name === 'beyond') return new Location(where, new Position(99_999, 0));
			return name === 'total' ? [new Location(where, new Position(2, 9))] : [{ uri: 7 }];
		});
		await open(await file('nonsense.txt', 'one();\n\n\n\nbroken(never, nowhere, beyond, odd, total('));
		await until(() => isShown(signature), 'context');
		await open(await file('other.txt', 'unheard();\n\n\n\nnever('));
		await until(() => isShown('unheard();'), 'a request all the same');
	});

	it('never has files with secrets, or ignored ones', async () => {
		await measured();
		const secret = await file('.env', 'total=one two three four\n');
		await file('.gitignore', 'ignored.txt\n');
		const ignored = await file('ignored.txt', 'function count(of: Ignored): number {\n');
		const fine = await file('secrets-cart.txt', cart);
		const places: Record<string, Uri> = { secret, ignored, total: fine };
		answering((name) => places[name] && new Location(places[name], new Position(name === 'total' ? 2 : 0, 0)));
		await open(await file('secrets.txt', 'one();\n\n\n\nsecret + ignored + total('));
		await until(() => isShown(signature), 'context');
		assert.ok(!isShown('one two three') && !isShown('of: Ignored'));
	});

	it('is none when the user wants none', async () => {
		await set('context', 'off');
		await measured();
		const where = await file('off-cart.txt', cart);
		answering(() => new Location(where, new Position(2, 9)));
		await open(await file('off.txt', 'one();\n\n\n\nconst sum = total('));
		await until(() => isShown('one();'), 'a request');
		await delay(500);
		assert.ok(!isShown(signature));
	});
});
