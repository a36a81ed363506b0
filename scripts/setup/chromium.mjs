import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { runChild } from './child.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];

/** Where installers put it without touching PATH. */
const usualPlaces = {
	darwin: [
		'/Applications/Chromium.app/Contents/MacOS/Chromium',
		'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
		'/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
	],
	win32: [process.env['ProgramFiles'], process.env['ProgramFiles(x86)'], process.env['LOCALAPPDATA']]
		.filter((folder) => folder !== undefined)
		.flatMap((folder) => [
			join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
			join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
		]),
};

/**
 * Finds a Chromium that Playwright can drive, and installs one where none is: through apt as Debian's root, else Playwright's own into
 * the user's cache.
 *
 * @param {(report: string) => void} [report] what is being done, for a progress line
 * @returns {Promise<string>} the path of its executable
 */
export async function findChromium(report = () => {}) {
	const chosen = process.env['CHROMIUM_PATH'];
	if (chosen) {
		if (existsSync(chosen)) return chosen;
		throw new Error(`CHROMIUM_PATH is ${chosen}, and there is no such file.`);
	}
	return installedChromium() ?? (await installChromium(report));
}

function installedChromium() {
	const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
	const candidates = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...(usualPlaces[process.platform] ?? [])];
	const playwrights = playwrightChromium();
	if (playwrights) candidates.push(playwrights);
	return candidates.find((path) => existsSync(path) && starts(path));
}

/** Ubuntu's `chromium-browser` may be a stub that only says how to install it. Windows' browsers open a window when asked. */
function starts(path) {
	if (process.platform === 'win32') return true;
	return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 15_000 }).status === 0;
}

async function installChromium(report) {
	const failures = [];
	for (const install of [isDebianRoot() ? installWithApt : undefined, installWithPlaywright]) {
		if (!install) continue;
		try {
			await install(report);
		} catch (error) {
			failures.push(error.message);
		}
		const found = installedChromium();
		if (found) return found;
	}
	const advice = 'Install Chromium or Google Chrome, or set CHROMIUM_PATH to the executable of one.';
	throw new Error(['No Chromium was found, and none could be installed.', advice, ...failures].join('\n'));
}

function isDebianRoot() {
	return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
}

async function installWithApt(report) {
	const env = { DEBIAN_FRONTEND: 'noninteractive' };
	report('apt-get update');
	await runChild('apt-get', ['update'], { env, log: 'apt-update' });
	report('apt-get install chromium');
	await runChild('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], { env, log: 'apt-chromium' });
}

async function installWithPlaywright(report) {
	report("downloading Playwright's Chromium");
	const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
	await runChild(process.execPath, [cli, 'install', 'chromium'], { log: 'playwright-chromium' });
}

/** Undefined while the dependencies are not installed. */
function playwrightChromium() {
	try {
		return createRequire(import.meta.url)('playwright-core').chromium.executablePath();
	} catch {
		return undefined;
	}
}
