import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { seconds } from './steps.mjs';
import { goTo, openEditor, openFile, screenshot, type, waitForGhostText } from './type-in-editor.mjs';

/** Where a person would type: into the empty body of this function. */
const place = { file: 'src/invoice.ts', declaration: 'function subtotal(', typed: '\nreturn ' };

/** The model may have to be loaded first, on a machine that is slow or busy. */
const patience = 120_000;

const statusItem = '.statusbar-item[id^="co-clone"]';

/**
 * Types into a copy of the sample as a person would, and waits for ghost text. The screenshot is kept, of success and of failure.
 *
 * @param {object} options
 * @param {{url: string}} options.server a served VS Code with the extension
 * @param {string} options.chromium path of the browser
 * @param {string} options.sample the workspace to copy
 * @param {string} options.folder where the copy and the screenshots go
 * @param {(report: string) => void} options.report progress
 * @returns {Promise<{text: string, waited: string}>} the ghost text, and how long after the last key it came
 */
export async function checkGhostText({ server, chromium, sample, folder, report }) {
	const workspace = join(folder, 'workspace');
	await rm(workspace, { recursive: true, force: true });
	await cp(sample, workspace, { recursive: true });
	report('opening the editor');
	// Where it fails, the profile's log says what was asked and what came back.
	const payload = JSON.stringify([['logLevel', 'co-clone.co-clone=trace']]);
	const page = await openEditor(`${server.url}?folder=${encodeURI(workspace)}&payload=${encodeURIComponent(payload)}`, chromium);
	try {
		await typeAtPlace(page, workspace);
		report('waiting');
		const typed = performance.now();
		const text = await waitForGhostText(page, patience);
		if (text === undefined) throw new Error(`No ghost text came within ${patience / 1000} s. ${await statusOf(page)}`);
		const waited = seconds(typed);
		await screenshot(page, join(folder, 'ghost-text.png'));
		return { text, waited };
	} catch (error) {
		const picture = join(folder, 'failure.png');
		await screenshot(page, picture).catch(() => {});
		throw new Error(`${error.message}\n  What the page showed: ${picture}`, { cause: error });
	} finally {
		await page.context().browser()?.close();
	}
}

async function typeAtPlace(page, workspace) {
	const lines = (await readFile(join(workspace, place.file), 'utf8')).split('\n');
	const index = lines.findIndex((line) => line.includes(place.declaration));
	if (index < 0) throw new Error(`${place.file} has no ${place.declaration}: the sample was changed.`);
	await openFile(page, place.file);
	await untilRunning(page);
	await goTo(page, index + 1, lines[index].length);
	await type(page, place.typed);
}

/** VS Code shows its editors first, and starts extensions when it has come to rest. */
async function untilRunning(page) {
	const shown = page.locator(statusItem).first().waitFor({ timeout: 60_000 });
	await shown.catch(() => Promise.reject(new Error('The extension shows nothing in the status bar: it may not run.')));
}

/** The status bar says what Co-Clone is doing, also when it does nothing. */
async function statusOf(page) {
	const labels = await page.locator(statusItem).evaluateAll((items) => items.map((item) => item.ariaLabel));
	return `The status bar says: ${labels.join('; ')}.`;
}
