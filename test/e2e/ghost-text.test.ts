import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { EditorPage } from './editor-page.ts';

const arithmetic = `export function subtract(left: number, right: number): number {
	return left - right;
}

export function add(left: number, right: number): number {
	|
}
`;

const inventory = `interface Product {
	title: string;
	price: number;
}

export function printAll(products: Product[]): void {
	|
}
`;

const python = `def subtract(left, right):
    return left - right


def add(left, right):
    |
`;

describe('ghost text from a real model', () => {
	let editor: EditorPage;

	/** Opens a file in a window of its own, which the end of the test closes. */
	async function open(name: string, files: Readonly<Record<string, string>>): Promise<EditorPage> {
		editor = await EditorPage.open(name, files);
		await editor.openFile(Object.keys(files)[0] ?? '');
		return editor;
	}

	afterEach(async function () {
		if (this.currentTest?.state === 'failed') await editor?.picture('failed').catch(() => {});
		await editor?.close();
	});

	it('comes in the pause after typing, and Tab takes it as it is shown', async () => {
		await open('tab', { 'add.ts': arithmetic });
		await editor.type('return ');
		const ghost = await editor.waitForGhost();
		assert.match(ghost, /^left \+ right\b/);
		await editor.press('Tab');
		const { before, after } = editor.around('add.ts');
		assert.equal(await editor.savedText('add.ts'), `${before}return ${ghost}${after}`);
		await editor.picture('accepted');
	});

	it('goes away with Escape and leaves the text as it is', async () => {
		await open('escape', { 'add.ts': arithmetic });
		await editor.type('return ');
		await editor.waitForGhost();
		await editor.press('Escape');
		await until('the ghost text is gone', async () => (await editor.ghost()) === undefined);
		await delay(1_500);
		assert.equal(await editor.ghost(), undefined, 'the dismissed ghost text came back by itself');
		const { before, after } = editor.around('add.ts');
		assert.equal(await editor.savedText('add.ts'), `${before}return ${after}`);
	});

	it('keeps its rest, byte for byte, while it is typed', async () => {
		await open('typing-on', { 'add.ts': arithmetic });
		await editor.type('return ');
		const ghost = await editor.waitForGhost();
		const seen: (string | undefined)[] = [];
		for (let typed = 1; typed < ghost.length; typed++) {
			await editor.type(ghost.charAt(typed - 1));
			await delay(120);
			seen.push(await editor.ghost());
		}
		console.log(JSON.stringify(seen));
		const { before, after } = editor.around('add.ts');
		assert.equal(await editor.savedText('add.ts'), `${before}return ${ghost.slice(0, -1)}${after}`);
	});

	it('goes on inside a word that is typed through it, with the suggest widget open', async () => {
		await open('inside-word', { 'add.ts': arithmetic });
		await editor.type('return ');
		const ghost = await editor.waitForGhost();
		assert.match(ghost, /^left/);
		await editor.type('le');
		await until('the rest shows', async () => (await editor.ghost()) === ghost.slice(2));
		await editor.picture('inside-word');
	});

	it('shows with the suggest widget open by itself', async () => {
		await open('suggest-widget', { 'print.ts': inventory });
		await editor.type('for (const entry of prod');
		await until('the suggest widget opens by itself', () => editor.isSuggestWidgetOpen());
		const ghost = await editor.waitForGhost();
		assert.equal(await editor.isSuggestWidgetOpen(), true);
		assert.match(ghost, /^ucts/);
		await editor.press('Tab');
		await editor.picture('after-tab');
		console.log(await editor.savedText('print.ts'));
	});

	it('comes between brackets that the editor closed', async () => {
		await open('brackets', { 'print.ts': inventory });
		await editor.type('for (const entry of products) {\nconsole.log(');
		const ghost = await editor.waitForGhost();
		await editor.press('Tab');
		await editor.picture('accepted');
		const text = await editor.savedText('print.ts');
		console.log(text, ghost);
		for (const pair of ['()', '{}', '[]']) assert.equal(count(text, pair[0]), count(text, pair[1]), text);
	});

	it('belongs to the file it was asked for', async () => {
		await open('two-files', { 'add.ts': arithmetic, 'add.py': python });
		await editor.type('return ');
		await editor.waitForGhost();
		await editor.openFile('add.py');
		assert.equal(await editor.ghost(), undefined);
		await editor.type('return ');
		const ghost = await editor.waitForGhost();
		assert.match(ghost, /^left \+ right/);
		const { before, after } = editor.around('add.py');
		assert.equal(await editor.savedText('add.py'), `${before}return ${after}`);
	});
});

function count(text: string, character: string | undefined): number {
	return character ? text.split(character).length - 1 : 0;
}

async function until(claim: string, holds: () => Promise<boolean>, patience = 10_000): Promise<void> {
	for (const started = performance.now(); performance.now() - started < patience; await delay(20)) {
		if (await holds()) return;
	}
	assert.fail(`Not within ${patience / 1000} s: ${claim}.`);
}
