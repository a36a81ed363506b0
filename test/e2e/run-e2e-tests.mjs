import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, runChild, stopChildren } from '../../scripts/setup/child.mjs';
import { findChromium } from '../../scripts/setup/chromium.mjs';
import { prepareEngine, thisTarget } from '../../scripts/setup/engine.mjs';
import { packageExtension } from '../../scripts/setup/extension-package.mjs';
import { ensureFimModel, findModelServer } from '../../scripts/setup/ollama.mjs';
import { messageOf, root, step } from '../../scripts/setup/steps.mjs';
import { installVsix, prepareServedVSCode, serveVSCode } from '../../scripts/setup/vscode.mjs';
import { fetchWeights, placeWeights } from '../../scripts/setup/weights.mjs';
import { findHaproxy } from './find-haproxy.mjs';
import { findSshd } from './find-sshd.mjs';

/**
 * Runs the end-to-end tests as a user would have it: the packaged extension installed in a VS Code with the editor's default settings, a
 * real Ollama, real weights. Nothing is faked and nothing is skipped: what can't be set up is an error.
 */
const folder = join(root, 'out', 'e2e');

/** As VS Code does by itself. */
const openWalkthroughs = { 'workbench.welcomePage.walkthroughs.openOnInstall': true };

try {
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	const chromium = await step('Looking for Chromium', findChromium);
	const vscode = await step('Preparing VS Code for the browser', prepareServedVSCode);
	const extensionsDir = join(folder, 'extensions');
	const { vsix: universalVsix } = await step('Packaging the extension', (report) => packageExtension({ report }));
	await step('Installing it', () => installVsix(universalVsix, extensionsDir));
	const { url, how } = await step('Looking for Ollama', findModelServer);
	const model = await step('Looking for a model', (report) => ensureFimModel(url, report));
	console.log(`Model: ${model}, Ollama: ${how}`);
	const { llama } = await step('Preparing the embedded engine', prepareEngine);
	const weights = await step('Looking for its model', fetchWeights);
	// Saved when a test says so, as on a desktop. Nothing of `editor.*` is touched.
	const settings = { 'co-clone.ollamaUrl': url, 'co-clone.model': `ollama:${model}`, 'files.autoSave': 'off' };
	const served = { extensionsDir, userDataDir: join(folder, 'user'), settings, log: 'e2e-vscode' };
	const editor = await step('Starting VS Code', () => serveVSCode(served));
	// A second one, for a folder that nobody has vouched for. The test itself listens where its model server should be.
	const port = await freePort();
	const gatewayPort = await freePort();
	const restricted = {
		'co-clone.gateway': 'on',
		'co-clone.gatewayPort': gatewayPort,
		'co-clone.ollamaUrl': `http://127.0.0.1:${port}`,
		'security.workspace.trust.startupPrompt': 'never',
		...openWalkthroughs,
	};
	const userDataDir = join(folder, 'untrusted-user');
	const untrusted = await serveVSCode({ extensionsDir, userDataDir, settings: restricted, isTrusted: false, log: 'e2e-untrusted' });
	const { vsix } = await step('Packaging the extension with the engine', (report) => packageExtension({ target: thisTarget(), report }));
	const embedded = await step('Starting VS Code with the embedded engine', () => serveEmbedded(vsix, weights));
	// A third one, on a machine where nothing is ready. Later a test listens where its Ollama should be.
	const lateOllama = await freePort();
	const bare = await serveVSCode({
		extensionsDir: join(folder, 'embedded-extensions'),
		userDataDir: join(folder, 'bare-user'),
		settings: { 'co-clone.ollamaUrl': `http://127.0.0.1:${lateOllama}`, 'files.autoSave': 'off', ...openWalkthroughs },
		log: 'e2e-bare',
	});
	// And one without Co-Clone, for what it costs to have it.
	const nothing = { extensionsDir: join(folder, 'no-extensions'), userDataDir: join(folder, 'plain-user'), smokeTestDriver: true };
	const plain = await serveVSCode({ ...nothing, log: 'e2e-plain' });
	const sshd = await step('Looking for an SSH server', findSshd);
	const haproxy = await step('Looking for HAProxy', findHaproxy);
	await runMocha({
		E2E_HAPROXY: haproxy?.binary,
		E2E_HAPROXY_LIBRARIES: haproxy?.libraries,
		E2E_BARE_EDITOR_URL: bare.url,
		E2E_BARE_OLLAMA_PORT: String(lateOllama),
		E2E_SSHD: sshd,
		E2E_VSCODE_NODE: vscode.node,
		E2E_VSCODE_MAIN: vscode.serverMain,
		E2E_PLAIN_EDITOR_URL: plain.url,
		E2E_EMBEDDED_EDITOR_URL: embedded.url,
		E2E_UNTRUSTED_EDITOR_URL: untrusted.url,
		E2E_UNTRUSTED_MODEL_PORT: String(port),
		E2E_UNTRUSTED_GATEWAY_PORT: String(gatewayPort),
		E2E_EDITOR_URL: editor.url,
		E2E_CHROMIUM: chromium,
		E2E_FOLDER: folder,
		E2E_OLLAMA_URL: url,
		E2E_MODEL: model,
		E2E_LLAMA: llama,
		E2E_WEIGHTS: weights,
		E2E_UNIVERSAL_VSIX: universalVsix,
		E2E_VSIX: vsix,
	});
} catch (error) {
	console.error(messageOf(error));
	process.exitCode = 1;
} finally {
	await stopChildren();
}
process.exit();

/** As somebody has it who installed the build for their platform, has no Ollama, and chose the small model. */
async function serveEmbedded(vsix, weights) {
	const extensionsDir = join(folder, 'embedded-extensions');
	const userDataDir = join(folder, 'embedded-user');
	await installVsix(vsix, extensionsDir);
	await placeWeights(weights, userDataDir);
	const nobody = `http://127.0.0.1:${await freePort()}`;
	const settings = { 'co-clone.ollamaUrl': nobody, 'files.autoSave': 'off', ...openWalkthroughs };
	// So that a test may put an extension of its own beside it.
	return serveVSCode({ extensionsDir, userDataDir, settings, smokeTestDriver: true, log: 'e2e-embedded' });
}

/** Mocha shows its own failures: its exit code is all that is left to say. */
async function runMocha(env) {
	const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
	const args = [mocha, 'out/test/e2e/**/*.test.cjs', '--timeout=180000', ...process.argv.slice(2)];
	try {
		await runChild(process.execPath, args, { cwd: root, env, log: 'e2e-mocha', onLine: console.log });
	} catch {
		process.exitCode = 1;
	}
}
