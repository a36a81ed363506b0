import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { ghostText, goTo, openEditor, openFile, screenshot, type, waitForGhostText } from '../../scripts/setup/type-in-editor.mjs';

/** A person's keystrokes come about this far apart. */
const keyInterval = 120;
/** Generous, because two slow cores may have to load the model first; what it really took is printed. */
const longestWait = 60_000;

const statusItem = '.statusbar-item[id^="co-clone"]';

/** Files by path; `|` marks where the cursor goes. */
type Files = Readonly<Record<string, string>>;

/**
 * One VS Code window in a browser, on a workspace of its own.
 *
 * ```ts
 * const editor = await EditorPage.open('tab', { 'add.ts': 'const sum = |' });
 * await editor.openFile('add.ts');
 * await editor.type('1 + ');
 * const ghost = await editor.waitForGhost();
 * ```
 */
export class EditorPage {
	readonly page: Page;
	readonly #name: string;
	readonly #files: Files;
	readonly #workspace: string;
	#lastKeyAt = 0;
	#pictures = 0;

	private constructor(page: Page, name: string, files: Files, workspace: string) {
		this.page = page;
		this.#name = name;
		this.#files = files;
		this.#workspace = workspace;
	}

	/** @param more what else the window is told, as VS Code's own `payload` has it */
	static async open(
		name: string,
		files: Files,
		url = environment('E2E_EDITOR_URL'),
		more: readonly (readonly [key: string, value: string])[] = [],
	): Promise<EditorPage> {
		const workspace = join(environment('E2E_FOLDER'), 'workspaces', name);
		for (const [path, text] of Object.entries(files)) {
			await mkdir(dirname(join(workspace, path)), { recursive: true });
			await writeFile(join(workspace, path), text.replace('|', ''));
		}
		return await EditorPage.onFolder(name, files, workspace, url, more);
	}

	/** One on a folder in which the files are already, which may be another machine's. */
	static async onFolder(
		name: string,
		files: Files,
		folder: string,
		url: string,
		more: readonly (readonly [key: string, value: string])[] = [],
	): Promise<EditorPage> {
		// Where a test fails, `user/logs` in the output folder says what Co-Clone asked the model and what came back.
		const payload = JSON.stringify([['logLevel', 'co-clone.co-clone=trace'], ...more]);
		const address = `${url}?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(payload)}`;
		return new EditorPage(await openEditor(address, environment('E2E_CHROMIUM')), name, files, folder);
	}

	/** Shows a file with the cursor at its `|`, in a window that has come to rest: the extension is running. */
	async openFile(path: string): Promise<void> {
		const { line, column } = cursorIn(this.#files[path] ?? '');
		await this.showFile(path);
		await this.page.locator(statusItem).first().waitFor({ timeout: 30_000 });
		// Go to Line counts a tab as the columns it takes, so the rest of the way goes by characters.
		await goTo(this.page, line, 1);
		for (let character = 1; character < column; character++) await this.page.keyboard.press('ArrowRight');
	}

	/** Shows a file with the cursor where it was. */
	async showFile(path: string): Promise<void> {
		await openFile(this.page, path);
	}

	/** What is before and after the cursor's place in a file as it was opened. */
	around(path: string): { before: string; after: string } {
		const [before = '', after = ''] = (this.#files[path] ?? '').split('|');
		return { before, after };
	}

	async type(text: string): Promise<void> {
		await type(this.page, text.slice(0, -1), keyInterval);
		this.#lastKeyAt = performance.now();
		await type(this.page, text.slice(-1), 0);
	}

	async press(key: string): Promise<void> {
		await this.page.keyboard.press(key);
		this.#lastKeyAt = performance.now();
	}

	/** The ghost text that comes in the pause after the last key, complete: it may still grow while it is new. */
	async waitForGhost(): Promise<string> {
		const first = await waitForGhostText(this.page, longestWait);
		const waited = Math.round(performance.now() - this.#lastKeyAt);
		await this.picture(first === undefined ? 'no-ghost-text' : 'ghost-text');
		if (first === undefined) throw new Error(`No ghost text within ${longestWait / 1000} s. ${await this.status()}`);
		const ghost = await this.#settled(first);
		console.log(`      key → ghost text ${waited} ms: ${JSON.stringify(ghost)}`);
		return ghost;
	}

	/** The ghost text without the list of suggestions, which may have opened over it and steers it; Escape closes the list. */
	async waitForGhostAlone(): Promise<string> {
		let ghost = await this.waitForGhost();
		while (await this.isSuggestWidgetOpen()) {
			await this.press('Escape');
			await delay(300);
			ghost = await this.waitForGhost();
		}
		return ghost;
	}

	/** What shows right now. */
	async ghost(): Promise<string | undefined> {
		return await ghostText(this.page);
	}

	/** The cursor's line as it is shown: typed and ghost text together, without its indentation. */
	async shownLine(): Promise<string> {
		// No named functions in here: the bundler would have them call a function that the page does not have.
		const line = await this.page.evaluate(() => {
			const cursor = document.querySelector('.monaco-editor.focused .cursor')?.getBoundingClientRect();
			return [...document.querySelectorAll('.monaco-editor.focused .view-line')].find((element) => {
				const { top, bottom } = element.getBoundingClientRect();
				return cursor !== undefined && top <= cursor.top + 1 && bottom >= cursor.bottom - 1;
			})?.textContent;
		});
		assert.ok(line !== undefined && line !== null, 'no line with a cursor in the page');
		return line.replaceAll('\u00a0', ' ').trim();
	}

	/** Whether the list of suggestions is open. */
	async isSuggestWidgetOpen(): Promise<boolean> {
		return await this.page.locator('.suggest-widget.visible .monaco-list-row').first().isVisible();
	}

	/** The text of a file, by way of saving what the window holds. */
	async savedText(path: string): Promise<string> {
		await this.page.keyboard.press('ControlOrMeta+S');
		await this.page.locator('.tab.active:not(.dirty)').waitFor({ timeout: 10_000 });
		return await readFile(join(this.#workspace, path), 'utf8');
	}

	/** What the status bar says of Co-Clone: where nothing shows, that is the reason. */
	async status(): Promise<string> {
		const labels = await this.page.locator(statusItem).evaluateAll((items) => items.map((item) => item.ariaLabel));
		return labels.length > 0 ? `Status bar: ${labels.join('; ')}.` : 'Co-Clone is not in the status bar: it may not run.';
	}

	/** Runs a command by its title, through the palette. */
	async command(title: string): Promise<void> {
		await this.page.keyboard.press('F1');
		await this.page.locator('.quick-input-widget input').first().fill(`>${title}`);
		await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).waitFor();
		await this.page.keyboard.press('Enter');
	}

	/** The titles of the walkthrough's steps, if it is shown. */
	async walkthrough(): Promise<string[]> {
		return await this.page.locator('.gettingStartedContainer .getting-started-step .step-title').allTextContents();
	}

	/** Loads the window anew, as a person does it. */
	async reload(): Promise<void> {
		await this.page.reload({ waitUntil: 'domcontentloaded' });
		await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
		await this.page.locator(statusItem).first().waitFor({ timeout: 30_000 });
	}

	async picture(what: string): Promise<void> {
		this.#pictures += 1;
		await screenshot(this.page, join(environment('E2E_FOLDER'), `${this.#name}-${this.#pictures}-${what}.png`));
	}

	async close(): Promise<void> {
		await this.page.context().browser()?.close();
	}

	async #settled(first: string): Promise<string> {
		let ghost = first;
		for (let unchanged = 0; unchanged < 5; ) {
			await delay(100);
			const now = (await this.ghost()) ?? ghost;
			unchanged = now === ghost ? unchanged + 1 : 0;
			ghost = now;
		}
		return ghost;
	}
}

function cursorIn(text: string): { line: number; column: number } {
	const lines = text.slice(0, Math.max(0, text.indexOf('|'))).split('\n');
	return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

export function environment(name: string): string {
	const value = process.env[name];
	if (!value) throw new Error(`${name} is not set: these tests are run by npm test -- e2e.`);
	return value;
}
