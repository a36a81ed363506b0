import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { runChild } from './setup/child.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { buildExtension } from './setup/extension-package.mjs';
import { messageOf, root, seconds, step } from './setup/steps.mjs';

/**
 * `npm test`: everything, from a fresh clone. `npm test -- unit e2e` runs some tiers, `npm test -- editor --grep=Escape` some tests.
 * With `CI` set nothing may be skipped: a skipped test fails.
 */
const mocha = join('node_modules', 'mocha', 'bin', 'mocha.js');

const tiers = {
	// Most of their time the files wait for sockets and processes, each for its own.
	unit: [mocha, '--parallel', '--jobs=4', '--timeout=10000', 'out/test/unit/**/*.test.cjs', ...mochaOptions()],
	editor: ['test/editor/run-editor-tests.mjs'],
	e2e: ['test/e2e/run-e2e-tests.mjs', ...mochaOptions()],
};

try {
	const chosen = chosenTiers();
	await step('Installing dependencies', installDependencies);
	await step('Building the extension', buildExtension);
	await step('Bundling the tests', () => runChild(process.execPath, ['esbuild.config.mjs', '--tests'], { cwd: root, log: 'test-bundles' }));
	const results = [];
	for (const name of chosen) results.push(await runTier(name));
	report(results);
} catch (error) {
	console.error(`\n${messageOf(error)}`);
	process.exitCode = 1;
}

function chosenTiers() {
	const names = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
	const unknown = names.filter((name) => !(name in tiers));
	if (unknown.length > 0) throw new Error(`There is no tier ${unknown.join(', ')}. The tiers are ${Object.keys(tiers).join(', ')}.`);
	return names.length > 0 ? names : Object.keys(tiers);
}

function mochaOptions() {
	const options = process.argv.slice(2).filter((arg) => arg.startsWith('--grep='));
	return process.env['CI'] ? [...options, '--forbid-only', '--forbid-pending'] : options;
}

/** Runs one tier, shows what it prints, and reads mocha's counts from it. */
async function runTier(name) {
	console.log(`\n── ${name} ${'─'.repeat(60 - name.length)}`);
	const started = performance.now();
	const result = { name, passing: 0, failing: 0, pending: 0, skipped: [], failures: [], error: undefined };
	const env = {
		...(process.stdout.isTTY && { FORCE_COLOR: '1' }),
		EDITOR_TEST_GREP: process.argv.find((arg) => arg.startsWith('--grep='))?.slice('--grep='.length),
	};
	const onLine = (line) => {
		console.log(line);
		count(stripVTControlCharacters(line), result);
	};
	try {
		await runChild(process.execPath, tiers[name], { cwd: root, env, log: `test-${name}`, onLine });
		if (result.passing === 0) result.error = 'no test ran';
	} catch (error) {
		// Failed tests were counted and shown; anything else has to count as well.
		if (result.failing === 0) result.error = messageOf(error).split('\n')[0];
	}
	return { ...result, failing: result.failing + (result.error ? 1 : 0), time: seconds(started) };
}

function count(line, result) {
	if (result.failing > 0) result.failures.push(line);
	const [, number, kind] = /^ {2}(\d+) (passing|failing|pending)\b/.exec(line) ?? [];
	if (kind) result[kind] = Number(number);
	// Mocha marks a skipped test with a dash, before it prints the counts.
	const skipped = /^ {2,}- (.+)$/.exec(line)?.[1];
	if (skipped && result.passing === 0) result.skipped.push(skipped);
}

function report(results) {
	console.log(`\n── tiers ${'─'.repeat(55)}`);
	for (const { name, passing, failing, skipped, failures, error, time } of results) {
		console.log(`${name}: ${passing} passed, ${failing} failed${error ? ` (${error})` : ''}, ${skipped.length} skipped, ${time}`);
		for (const title of skipped) console.log(`  skipped: ${title}`);
		// Once more, for whoever sees only the end; where it happened is said above.
		for (const line of failures) if (line.trim() && !/^ +at /.test(line)) console.log(line);
	}
	const sum = (key) => results.reduce((total, result) => total + result[key], 0);
	console.log(`\n${sum('passing')} passed, ${sum('failing')} failed`);
	process.exitCode = sum('failing') > 0 ? 1 : 0;
}
