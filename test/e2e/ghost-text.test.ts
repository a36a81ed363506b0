import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { EditorPage } from './editor-page.ts';

const addition = `export function subtract(left: number, right: number): number {
	return left - right;
}

export function add(left: number, right: number): number {
	|
}
`;

const greeting = `export function greet(name: string, hour: number): string {
	|
}
`;

const pythonAddition = `def subtract(left, right):
    return left - right


def add(left, right):
    |
`;

const products = `interface Product {
	title: string;
	price: number;
}

export function titles(products: Product[]): string[] {
	|
}
`;

const largest = `export function largest(numbers: number[]): number {
	let result = numbers[0];
	for (const number of numbers) {|
	}
	return result;
}
`;

/**
 * What a person sees: the packaged extension, the editor's default settings, a real model. What it says differs from machine to machine, so
 * the tests hold how the document, the ghost text and the keys go together, and the text only where any code model knows it.
 */
describe('ghost text from a real model', () => {
	// No two of them are the same: what is known from one is suggested in the other without a model.
	const files = {
		'tab.ts': addition,
		'escape.ts': addition.replaceAll('number', 'string'),
		'typing-on.ts': addition.replaceAll('number', 'bigint'),
		'inside-word.ts': addition.replaceAll('right', 'other'),
		'choices.ts': greeting,
		'suggest-widget.ts': products,
		'brackets.ts': products.replaceAll('titles', 'namesOf'),
		'block.ts': largest,
		'one-of-two.ts': addition.replaceAll('left', 'first'),
		'the_other.py': pythonAddition,
	};
	let page: EditorPage;

	before(async () => {
		page = await EditorPage.open('ghost-text', files);
	});
	afterEach(async function () {
		if (this.currentTest?.state === 'failed') await page.picture('failed').catch(() => {});
	});
	after(() => page.close());

	it('comes in the pause after typing, and Tab takes it as it is shown', async () => {
		await page.openFile('tab.ts');
		await page.type('return ');
		const ghost = await page.waitForGhostAlone();
		assert.match(ghost, /^left \+ right\b/);
		await page.press('Tab');
		await page.picture('accepted');
		const { before, after } = page.around('tab.ts');
		assert.equal(await page.savedText('tab.ts'), `${before}return ${ghost}${after}`);
	});

	it('goes away with Escape, stays away, and leaves the text as it is', async () => {
		await page.openFile('escape.ts');
		await page.type('return ');
		await page.waitForGhostAlone();
		await page.press('Escape');
		await until('the ghost text is gone', async () => (await page.ghost()) === undefined);
		await delay(2_000);
		assert.equal(await page.ghost(), undefined, 'the dismissed ghost text came back by itself');
		const { before, after } = page.around('escape.ts');
		assert.equal(await page.savedText('escape.ts'), `${before}return ${after}`);
	});

	it('keeps its rest, byte for byte, while it is typed', async () => {
		await page.openFile('typing-on.ts');
		await page.type('return ');
		const ghost = await page.waitForGhostAlone();
		for (let typed = 1; typed < ghost.length; typed++) {
			await page.type(ghost.charAt(typed - 1));
			await until(`${JSON.stringify(ghost.slice(typed))} shows`, async () => {
				const shown = (await page.ghost()) ?? '';
				assert.ok(ghost.endsWith(shown), `${JSON.stringify(shown)} is not the rest of ${JSON.stringify(ghost)}`);
				return shown === ghost.slice(typed);
			});
		}
		const { before, after } = page.around('typing-on.ts');
		assert.equal(await page.savedText('typing-on.ts'), `${before}return ${ghost.slice(0, -1)}${after}`);
	});

	it('goes on inside a word of it that is being typed', async () => {
		await page.openFile('inside-word.ts');
		await page.type('return ');
		const ghost = await page.waitForGhostAlone();
		assert.match(ghost, /^left\b/);
		await page.type('lef');
		await until('the rest shows', async () => (await page.ghost()) === ghost.slice(3));
		await page.picture('inside-word');
		await page.press('Tab');
		const { before, after } = page.around('inside-word.ts');
		assert.equal(await page.savedText('inside-word.ts'), `${before}return ${ghost}${after}`);
	});

	it('has others to choose from: Alt+] shows another one, Alt+[ the first again, Tab takes what shows', async () => {
		await page.openFile('choices.ts');
		await page.type('return ');
		const first = await page.waitForGhostAlone();
		await page.press('Alt+]');
		const shown = async () => (await page.ghost()) ?? first;
		await until('another one shows', async () => (await shown()) !== first);
		const other = await shown();
		await page.picture('another-one');
		console.log(`      ${JSON.stringify(first)}, or ${JSON.stringify(other)}`);
		await page.press('Alt+[');
		await until('the first shows again', async () => (await shown()) === first);
		await page.press('Alt+]');
		await until('the other shows again', async () => (await shown()) === other);
		await page.press('Tab');
		const { before, after } = page.around('choices.ts');
		assert.equal(withSpaces(await page.savedText('choices.ts')), `${withSpaces(before)}return ${other}${withSpaces(after)}`);
	});

	it('shows while the suggest widget is open, and goes on from what is taken there', async () => {
		await page.openFile('suggest-widget.ts');
		await page.type('return products.m');
		await until('the suggest widget opens by itself', () => page.isSuggestWidgetOpen());
		const ghost = await page.waitForGhost();
		assert.ok(await page.isSuggestWidgetOpen(), 'the suggest widget closed, so this shows nothing');
		assert.match(ghost, /^ap\(/);
		const shown = await page.shownLine();
		assert.ok(shown.startsWith(`return products.m${ghost.slice(0, 3)}`), shown);
		await page.press('Tab');
		await until('Tab takes the entry of the widget', async () => !(await page.isSuggestWidgetOpen()));
		await until('the rest shows', async () => (await page.ghost()) === ghost.slice(2));
		await page.picture('after-first-tab');
		await page.press('Tab');
		await page.picture('after-second-tab');
		assert.equal((await page.savedText('suggest-widget.ts')).split('\n')[6]?.trim(), shown);
	});

	it('comes between brackets that the editor closed, and leaves them in pairs', async () => {
		await page.openFile('brackets.ts');
		await page.type('return products.map((product) => product.title).filter(');
		await page.waitForGhostAlone();
		const shown = await page.shownLine();
		await page.press('Tab');
		await page.picture('accepted');
		const text = await page.savedText('brackets.ts');
		assert.equal(text.split('\n')[6]?.trim(), shown);
		for (const [opener, closer] of ['()', '[]', '{}']) assert.equal(count(text, opener), count(text, closer), text);
	});

	it('fills the body of a block after Enter', async () => {
		await page.openFile('block.ts');
		await page.type('\n');
		const ghost = await page.waitForGhostAlone();
		await page.press('Tab');
		await page.picture('accepted');
		const { before, after } = page.around('block.ts');
		assert.equal(withSpaces(await page.savedText('block.ts')), `${withSpaces(`${before}\n\t\t`)}${ghost}${withSpaces(after)}`);
	});

	it('belongs to the file it was asked for', async () => {
		await page.openFile('one-of-two.ts');
		await page.type('return ');
		const ghost = await page.waitForGhostAlone();
		await page.openFile('the_other.py');
		assert.equal(await page.ghost(), undefined, 'ghost text of the other file');
		await page.type('return ');
		assert.match(await page.waitForGhostAlone(), /^left \+ right/);
		const python = page.around('the_other.py');
		assert.equal(await page.savedText('the_other.py'), `${python.before}return ${python.after}`);
		await page.showFile('one-of-two.ts');
		await page.type(ghost.charAt(0));
		assert.equal(await page.waitForGhostAlone(), ghost.slice(1));
		const { before, after } = page.around('one-of-two.ts');
		assert.equal(await page.savedText('one-of-two.ts'), `${before}return ${ghost.charAt(0)}${after}`);
	});
});

function count(text: string, character: string | undefined): number {
	return character ? text.split(character).length - 1 : 0;
}

/** The page shows tabs as spaces. */
function withSpaces(text: string): string {
	return text.replaceAll('\t', '    ');
}

async function until(claim: string, holds: () => Promise<boolean>, patience = 30_000): Promise<void> {
	for (const started = performance.now(); performance.now() - started < patience; await delay(20)) {
		if (await holds()) return;
	}
	assert.fail(`Not within ${patience / 1000} s: ${claim}.`);
}
