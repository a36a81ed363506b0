import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Drives a VS Code served to a browser the way a person does: by keys, and by looking at the page. Nothing here knows Co-Clone.
 *
 * @typedef {import('playwright-core').Page} Page
 */

/** The text model keeps ordinary spaces; the page shows them as non-breaking ones, so that they keep their width. */
const nonBreakingSpace = /\u00a0/g;

/**
 * Opens a served VS Code and waits until its workbench answers keys. Close the browser with `page.context().browser()?.close()`.
 *
 * @param {string} url the address with its `?folder=`
 * @param {string} chromiumPath
 * @param {{headless?: boolean, width?: number, height?: number}} [options]
 * @returns {Promise<Page>}
 */
export async function openEditor(url, chromiumPath, { headless = true, width = 1280, height = 800 } = {}) {
	// Imported late: this file is also loaded before the dependencies are installed.
	const { chromium } = await import('playwright-core');
	// Chromium refuses its sandbox to root, who is whom containers run as. The only page it opens is our own server's.
	const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
	// Ctrl+C is handled once for everything that was started, see child.mjs; leaving the process ends the browser too.
	const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
	const browser = await chromium.launch({ executablePath: chromiumPath, headless, args, ...signals });
	try {
		const page = await browser.newPage({ viewport: { width, height } });
		await page.goto(url, { waitUntil: 'domcontentloaded' });
		await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
		return page;
	} catch (error) {
		await browser.close();
		throw error;
	}
}

/**
 * Opens a file by name through Quick Open (Ctrl+P) and waits until its text shows.
 *
 * @param {Page} page
 * @param {string} name as typed into the box; the file of this base name must be in the workspace
 */
export async function openFile(page, name) {
	const baseName = name.split('/').at(-1);
	const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: baseName });
	await untilShown(row, async () => {
		// The search may still be indexing at first: then the box is closed and asked again.
		await page.keyboard.press('Escape');
		await page.keyboard.press('ControlOrMeta+P');
		await page.locator('.quick-input-widget input').first().fill(name);
	});
	await page.keyboard.press('Enter');
	await page.locator(`.editor-instance[aria-label*="${baseName}"] .view-lines, .tab.active[aria-label*="${baseName}"]`).first().waitFor();
	await page.locator('.monaco-editor .view-lines .view-line').first().waitFor();
}

/**
 * Puts the cursor at a place (1-based) through Go to Line (Ctrl+G).
 *
 * @param {Page} page
 * @param {number} line
 * @param {number} column
 */
export async function goTo(page, line, column) {
	await page.keyboard.press('Control+G');
	const input = page.locator('.quick-input-widget:visible input').first();
	await input.waitFor();
	await input.fill(`:${line}:${column}`);
	await page.keyboard.press('Enter');
	await page.locator('.quick-input-widget').first().waitFor({ state: 'hidden' });
}

/**
 * Types like a person: one key at a time, every `interval` milliseconds.
 *
 * @param {Page} page
 * @param {string} text
 * @param {number} [interval]
 */
export async function type(page, text, interval = 120) {
	for (const key of text) {
		if (key === '\n') await page.keyboard.press('Enter');
		else await page.keyboard.type(key);
		await delay(interval);
	}
}

/**
 * The ghost text a person sees right now, its lines separated by `\n`.
 *
 * @param {Page} page
 * @returns {Promise<string | undefined>} undefined when there is none
 */
export async function ghostText(page) {
	const lines = await page.evaluate(readGhostLines);
	return lines.length === 0 ? undefined : lines.join('\n').replace(nonBreakingSpace, ' ');
}

/**
 * Waits until ghost text shows.
 *
 * @param {Page} page
 * @param {number} timeout milliseconds
 * @returns {Promise<string | undefined>} undefined when none came in time
 */
export async function waitForGhostText(page, timeout) {
	for (const started = performance.now(); performance.now() - started < timeout; await delay(20)) {
		const text = await ghostText(page);
		if (text !== undefined) return text;
	}
	return undefined;
}

/**
 * Saves what the page shows.
 *
 * @param {Page} page
 * @param {string} path of a .png
 */
export async function screenshot(page, path) {
	await mkdir(dirname(path), { recursive: true });
	await page.screenshot({ path });
}

/** Runs in the page: the visible ghost text by line, top to bottom. */
function readGhostLines() {
	const parts = [...document.querySelectorAll('.ghost-text-decoration, .ghost-text-decoration-preview, .ghost-text')]
		.filter((element) => element.textContent !== '' && element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
		// A part inside another part (a block's line inside the block) is read once, by its innermost element.
		.filter((element) => !element.querySelector('.ghost-text-decoration, .ghost-text'))
		.map((element) => ({ text: element.textContent, ...element.getBoundingClientRect().toJSON() }))
		.sort((a, b) => a.top - b.top || a.left - b.left);
	const lines = [];
	let top;
	for (const part of parts) {
		if (part.top === top) lines.push(`${lines.pop()}${part.text}`);
		else lines.push(part.text);
		top = part.top;
	}
	return lines;
}

async function untilShown(locator, ask) {
	for (let attempt = 1; ; attempt++) {
		await ask();
		try {
			return await locator.waitFor({ timeout: 1_500 });
		} catch (error) {
			if (attempt === 15) throw error;
		}
	}
}
