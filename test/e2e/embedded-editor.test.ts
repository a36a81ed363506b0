import assert from 'node:assert/strict';
import { EditorPage, environment } from './editor-page.ts';

const arithmetic = `export function subtract(left: number, right: number): number {
	return left - right;
}

export function add(left: number, right: number): number {
	|
}
`;

describe('ghost text without Ollama, from the embedded engine', () => {
	let editor: EditorPage;

	beforeEach(async function () {
		const name = `embedded-${this.currentTest?.title.replaceAll(/\W+/g, '-')}`;
		editor = await EditorPage.open(name, { 'add.ts': arithmetic }, environment('E2E_EMBEDDED_EDITOR_URL'));
		await editor.openFile('add.ts');
	});
	afterEach(() => editor.close());

	it('comes in the pause after typing, and Tab takes it', async () => {
		await editor.type('return ');
		const ghost = await editor.waitForGhostAlone();
		assert.match(ghost, /^left \+ right\b/);
		assert.match(await editor.status(), /qwen2\.5-coder-0\.5b/);
		assert.deepEqual(await editor.walkthrough(), [], 'a model is there, so nobody has to be told how to get one');
		await editor.press('Tab');
		const { before, after } = editor.around('add.ts');
		assert.equal(await editor.savedText('add.ts'), `${before}return ${ghost}${after}`);
	});

	it('comes inside a word', async () => {
		await editor.type('return le');
		const ghost = await editor.waitForGhost();
		assert.match(ghost, /^ft \+ right\b/);
	});
});
