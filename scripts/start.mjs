import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild, stopChildren } from './setup/child.mjs';
import { findChromium } from './setup/chromium.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { engineTargets, thisTarget } from './setup/engine.mjs';
import { buildExtension, linkExtension, packageExtension } from './setup/extension-package.mjs';
import { checkGhostText } from './setup/ghost-text-check.mjs';
import { ensureFimModel, findOllama } from './setup/ollama.mjs';
import { cacheFolder, messageOf, root, seconds, step } from './setup/steps.mjs';
import { findDesktopVSCode, installVsix, prepareServedVSCode, quietSettings, serveVSCode } from './setup/vscode.mjs';
import { fetchWeights, placeWeights } from './setup/weights.mjs';

/**
 * `npm start`: from a fresh clone to ghost text in a real VS Code. Works before anything is installed, and quickly and without a network
 * once everything is. With Ollama it uses that, and else the embedded engine, like the extension itself.
 * `npm start -- --check` does the same for a program: it types into the sample itself, and its exit code says whether ghost text came.
 */
const sample = join(root, 'examples', 'sample');

try {
	requireNode();
	if (process.argv.includes('--check')) await check();
	else await start();
} catch (error) {
	console.error(`\n${messageOf(error)}`);
	await stopChildren();
	process.exit(1);
}

async function start() {
	const started = performance.now();
	await step('Installing dependencies', installDependencies);
	const desktop = findDesktopVSCode();
	const address = desktop ? await openDesktop(desktop) : await serveSample();
	console.log(`\nReady after ${seconds(started)}.${address ? `\n\n  Open ${address}\n` : ''}`);
	console.log('Put the cursor between the braces of subtotal() in src/invoice.ts, press Enter, type "return " and pause.');
	console.log('Tab accepts the grey text. README.md names more places. Ctrl+C here ends it all.');
	// From here on Ctrl+C is the ordinary way out.
	process.exitCode = 0;
	await new Promise(() => setInterval(() => {}, 60_000));
}

/** The user's own editor, with the extension from this folder and without touching their settings. */
async function openDesktop(code) {
	const { url, weights } = await findModel();
	await step('Building the extension', buildExtension);
	const args = weights ? await embeddedArguments(weights) : [`--extensionDevelopmentPath=${root}`];
	// The address goes by environment.
	const env = url ? { OLLAMA_HOST: url } : {};
	await step('Opening VS Code', () => runChild(code, ['--new-window', ...args, sample], { env, log: 'desktop' }));
}

/** In a profile of its own, because the model has to lie in it, and half a gigabyte for a trial does not belong into the user's. */
async function embeddedArguments(weights) {
	const folder = await step('Preparing the embedded engine', linkExtension);
	const userDataDir = join(cacheFolder, 'start', 'desktop');
	await placeWeights(weights, userDataDir);
	// What is there the user has changed meanwhile.
	await writeFile(join(userDataDir, 'User', 'settings.json'), JSON.stringify(quietSettings, null, '\t'), { flag: 'wx' }).catch(() => {});
	return [`--extensionDevelopmentPath=${folder}`, `--user-data-dir=${userDataDir}`, '--disable-workspace-trust'];
}

async function serveSample() {
	const { url } = await serveWithExtension(join(cacheFolder, 'start', 'profile'));
	return `${url}?folder=${encodeURI(sample)}`;
}

async function check() {
	await step('Installing dependencies', installDependencies);
	const chromium = await step('Finding Chromium', findChromium);
	const folder = join(root, 'out', 'check');
	await rm(folder, { recursive: true, force: true });
	const server = await serveWithExtension(join(folder, 'profile'));
	const typeAndWait = (report) => checkGhostText({ server, chromium, sample, folder, report });
	const { text, waited } = await step('Typing and waiting for ghost text', typeAndWait);
	console.log(`  ${text.split('\n').join('\n  ')}\nIt came ${waited} after the last key. Picture: out/check/ghost-text.png`);
	await stopChildren();
	process.exit(0);
}

/** VS Code in the browser, with the packaged extension installed as a user would install it. */
async function serveWithExtension(userDataDir) {
	const extensionsDir = join(cacheFolder, 'start', 'extensions');
	const { url, name, weights } = await findModel();
	await step('Preparing VS Code', prepareServedVSCode);
	await step('Installing the extension', async (report) => {
		const { vsix } = await packageExtension({ target: weights && thisTarget(), report });
		report('installing');
		await installVsix(vsix, extensionsDir);
	});
	if (weights) await placeWeights(weights, userDataDir);
	// Without Ollama nothing is set: the extension finds its engine and its model by itself, as with any user.
	const settings = url ? { 'co-clone.ollamaUrl': url, 'co-clone.model': `ollama:${name}` } : {};
	return await step('Starting VS Code', () => serveVSCode({ extensionsDir, userDataDir, settings }));
}

/**
 * @returns {Promise<{url: string, name: string, weights?: undefined} | {weights: string, url?: undefined, name?: undefined}>} a model of
 *   Ollama, or the file that the embedded engine runs
 */
async function findModel() {
	const ollama = await step('Looking for Ollama', findOllama);
	if (!ollama) return await fetchEmbedded();
	console.log(`  ${ollama.url} (${ollama.how})`);
	const name = await step('Finding a model', (report) => ensureFimModel(ollama.url, report));
	console.log(`  ${name}`);
	return { url: ollama.url, name };
}

async function fetchEmbedded() {
	const target = thisTarget();
	if (!engineTargets.includes(target)) {
		const advice = 'Install Ollama from https://ollama.com/download and start again.';
		throw new Error(`There is no Ollama here, and no embedded engine for ${target} (only for ${engineTargets.join(', ')}). ${advice}`);
	}
	console.log('  There is none: Co-Clone runs a small model itself.');
	return { weights: await step('Fetching the model', fetchWeights) };
}

function requireNode() {
	const [major, minor] = process.versions.node.split('.').map(Number);
	if (major < 20 || (major === 20 && minor < 16))
		throw new Error(`Node 20.16 or newer is needed; this is ${process.version}. Get one at https://nodejs.org.`);
}
