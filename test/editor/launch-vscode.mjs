#!/usr/bin/env node
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/setup/chromium.mjs';
import { messageOf, root } from '../../scripts/setup/steps.mjs';
import { serveVSCode } from '../../scripts/setup/vscode.mjs';

/**
 * Stands in for the executable of a desktop VS Code: takes the arguments with which `@vscode/test-electron` starts one, runs the tests in
 * the extension host of a served VS Code that is opened in a headless Chromium, and exits with the tests' exit code.
 */
const longestSilence = 120_000;
const outputFolder = join(root, 'out', 'editor-tests');

/** VS Code sends its own messages through the same channel as what the tests print; `index.ts` puts this before each of its lines. */
const lineMark = '[editor test] ';

try {
	process.exitCode = await runTests(readArguments(process.argv.slice(2)));
} catch (error) {
	console.error(messageOf(error));
	process.exitCode = 1;
}
// A socket that is still open must not keep the test run waiting.
process.exit();

async function runTests({ extensionPath, testsPath, workspace, userDataDir, extensionsDir }) {
	await rm(outputFolder, { recursive: true, force: true });
	await mkdir(outputFolder, { recursive: true });
	// The server's extension host inherits it.
	process.env['EDITOR_TEST_LINE_MARK'] = lineMark;
	const executablePath = await findChromium();
	const server = await serveVSCode({ extensionsDir, userDataDir, smokeTestDriver: true, log: 'editor-tests-vscode' });
	const browser = await chromium.launch({ executablePath });
	try {
		const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
		return await testsIn(page, testAddress({ server, extensionPath, testsPath, workspace }));
	} finally {
		await browser.close();
		await server.stop();
	}
}

/** Opens the address and waits for the tests' exit code. VS Code calls these two functions when its smoke-test driver is on. */
async function testsIn(page, address) {
	const windowLog = [];
	let silence;
	let exit;
	const exitCode = new Promise((resolve_) => {
		exit = resolve_;
	});
	const waitOn = () => {
		clearTimeout(silence);
		silence = setTimeout(() => exit(undefined), longestSilence);
	};
	await page.exposeFunction('codeAutomationExit', exit);
	await page.exposeFunction('codeAutomationLog', (severity, values) => {
		const text = format(...values);
		windowLog.push(`[${severity}] ${text}`);
		for (const line of text.split('\n').filter((line) => line.startsWith(lineMark))) {
			waitOn();
			console.log(line.slice(lineMark.length));
		}
	});
	page.on('pageerror', (error) => windowLog.push(`[page error] ${error.stack}`));
	waitOn();
	try {
		await page.goto(address);
		const code = await exitCode;
		if (code === undefined)
			throw new Error(`The tests said nothing for ${longestSilence / 1000} s. What the editor shows: ${outputFolder}`);
		return code;
	} finally {
		clearTimeout(silence);
		await page.screenshot({ path: join(outputFolder, 'window.png') }).catch(() => {});
		await writeFile(join(outputFolder, 'window.log'), `${windowLog.join('\n')}\n`);
	}
}

function testAddress({ server, extensionPath, testsPath, workspace }) {
	const remote = (path) => `vscode-remote://127.0.0.1:${server.port}${pathToFileURL(path).pathname}`;
	const payload = [
		['extensionDevelopmentPath', remote(extensionPath)],
		['extensionTestsPath', remote(testsPath)],
		['skipWelcome', 'true'],
	];
	const kind = workspace?.endsWith('.code-workspace') ? 'workspace' : 'folder';
	const folder = workspace ? `${kind}=${encodeURIComponent(workspace)}` : 'ew=true';
	return `${server.url}?${folder}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

function readArguments(args) {
	const value = (name) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
	const required = (name) => {
		const path = value(name);
		if (!path) throw new Error(`launch-vscode.mjs needs --${name}=PATH; it is meant to be started by @vscode/test-electron.`);
		return resolve(path);
	};
	return {
		extensionPath: required('extensionDevelopmentPath'),
		testsPath: required('extensionTestsPath'),
		workspace: args.find((arg) => !arg.startsWith('-')),
		userDataDir: required('user-data-dir'),
		extensionsDir: required('extensions-dir'),
	};
}
