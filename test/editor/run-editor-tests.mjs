import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { findChromium } from '../../scripts/setup/chromium.mjs';
import { messageOf, root, step } from '../../scripts/setup/steps.mjs';
import { prepareServedVSCode } from '../../scripts/setup/vscode.mjs';

/**
 * Runs the bundled editor tests (`out/test/editor/`) inside a real VS Code: a desktop one where it can be downloaded and shown, else the
 * one that npm carries, opened in a headless Chromium. Either way through the same `runTests`.
 */
const downloads = 'https://update.code.visualstudio.com/api/releases/stable';

const { executable, why } = await chooseEditor();
console.log(`Editor: ${why}`);
const scratch = await realpath(await mkdtemp(join(tmpdir(), 'co-clone-editor-tests-')));
try {
	// Two roots, because with one it is easy to take a path for the name of a file.
	for (const name of ['first', 'second']) await cp(join(root, 'test', 'editor', 'workspace'), join(scratch, name), { recursive: true });
	const workspace = join(scratch, 'two-roots.code-workspace');
	await writeFile(workspace, JSON.stringify({ folders: [{ path: 'first' }, { path: 'second' }] }));
	// In a fresh profile of a desktop VS Code the walkthrough would open over the first test.
	const user = join(scratch, 'user', 'User');
	await mkdir(user, { recursive: true });
	await writeFile(join(user, 'settings.json'), JSON.stringify({ 'workbench.welcomePage.walkthroughs.openOnInstall': false }));
	await runTests({
		...(executable && { vscodeExecutablePath: executable }),
		extensionDevelopmentPath: root,
		extensionTestsPath: join(root, 'out', 'test', 'editor', 'index.cjs'),
		launchArgs: [workspace, `--user-data-dir=${join(scratch, 'user')}`, `--extensions-dir=${join(scratch, 'extensions')}`],
	});
} catch (error) {
	console.error(messageOf(error));
	process.exitCode = 1;
} finally {
	await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
}

/** @returns {Promise<{executable: string | undefined, why: string}>} without an executable test-electron downloads VS Code */
async function chooseEditor() {
	const chosen = process.env['VSCODE_TEST_EXECUTABLE'];
	if (chosen) return { executable: chosen, why: `${chosen}, because VSCODE_TEST_EXECUTABLE says so.` };
	const obstacle = await desktopObstacle();
	if (!obstacle) return { executable: undefined, why: 'a desktop VS Code, downloaded by @vscode/test-electron.' };
	if (process.platform === 'win32') throw new Error(`${obstacle} Set VSCODE_TEST_EXECUTABLE to an installed Code.exe.`);
	await step('Preparing VS Code for the browser', prepareServedVSCode);
	await step('Looking for Chromium', findChromium);
	return { executable: join(import.meta.dirname, 'launch-vscode.mjs'), why: `VS Code from npm in a headless Chromium. ${obstacle}` };
}

/** Why no desktop VS Code can be used, or undefined when one can. */
async function desktopObstacle() {
	if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
		return 'A desktop one needs a display, and there is none.';
	}
	try {
		const response = await fetch(downloads, { method: 'HEAD', signal: AbortSignal.timeout(5_000) });
		return response.ok ? undefined : `VS Code's download server answered ${response.status}.`;
	} catch {
		return "VS Code's download server can't be reached.";
	}
}
