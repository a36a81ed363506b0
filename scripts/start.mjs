import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild, stopChildren } from './setup/child.mjs';
import { findChromium } from './setup/chromium.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { buildExtension, packageExtension } from './setup/extension-package.mjs';
import { checkGhostText } from './setup/ghost-text-check.mjs';
import { ensureFimModel, findModelServer } from './setup/ollama.mjs';
import { cacheFolder, messageOf, root, seconds, step } from './setup/steps.mjs';
import { findDesktopVSCode, installVsix, prepareServedVSCode, serveVSCode } from './setup/vscode.mjs';

/**
 * `npm start`: from a fresh clone to ghost text in a real VS Code. Works before anything is installed, and quickly once everything is.
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

/** The user's own editor, with the extension from this folder and without touching their settings: the address goes by environment. */
async function openDesktop(code) {
	await step('Building the extension', buildExtension);
	const { url } = await findModel();
	const args = ['--new-window', `--extensionDevelopmentPath=${root}`, sample];
	await step('Opening VS Code', () => runChild(code, args, { env: { OLLAMA_HOST: url }, log: 'desktop' }));
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
	await step('Preparing VS Code', prepareServedVSCode);
	await step('Installing the extension', async (report) => {
		report('building');
		const { vsix } = await packageExtension();
		report('installing');
		await installVsix(vsix, extensionsDir);
	});
	const { url, model } = await findModel();
	const settings = { 'co-clone.ollamaUrl': url, 'co-clone.model': `ollama:${model}` };
	return await step('Starting VS Code', () => serveVSCode({ extensionsDir, userDataDir, settings }));
}

async function findModel() {
	const server = await step('Finding a model server', findModelServer);
	console.log(`  ${server.url} (${server.how})`);
	const model = await step('Finding a model', (report) => ensureFimModel(server.url, report));
	console.log(`  ${model}`);
	return { url: server.url, model };
}

function requireNode() {
	const major = Number(process.versions.node.split('.')[0]);
	if (major < 20) throw new Error(`Node 20 or newer is needed; this is ${process.version}. Get one at https://nodejs.org.`);
}
