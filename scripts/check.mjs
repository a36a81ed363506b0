import { join } from 'node:path';
import { runChild } from './setup/child.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { messageOf, root, seconds, step } from './setup/steps.mjs';

/**
 * `npm run check`: what can be said about the code without starting it, in a few seconds. Each check says its name and its time, and
 * shows its output when it fails.
 */
const checks = [
	{ name: 'types', commands: [['typescript/bin/tsc', '--noEmit', '--pretty', 'false']] },
	{ name: 'format and lint', commands: [['@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--colors=off']] },
	{ name: 'unused code and packages', commands: [['knip/bin/knip.js', '--no-progress']] },
	{
		name: 'layers',
		commands: [
			['../esbuild.config.mjs', '--tests'],
			['mocha/bin/mocha.js', 'out/test/unit/layers.test.cjs'],
		],
	},
];

try {
	const started = performance.now();
	await step('Installing dependencies', installDependencies);
	const results = await Promise.all(checks.map(passes));
	const failed = results.filter((passed) => !passed).length;
	console.log(`${failed === 0 ? 'All checks passed' : `${failed} of ${checks.length} checks failed`} (${seconds(started)}).`);
	process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
	console.error(`\n${messageOf(error)}`);
	process.exitCode = 1;
}

async function passes({ name, commands }) {
	const started = performance.now();
	const lines = [];
	const log = `check-${name.replaceAll(' ', '-')}`;
	try {
		for (const [script, ...args] of commands) {
			const path = join(root, 'node_modules', script);
			await runChild(process.execPath, [path, ...args], { cwd: root, log, onLine: (line) => lines.push(line) });
		}
		console.log(`✓ ${name} (${seconds(started)})`);
		return true;
	} catch (error) {
		const output = lines.length > 0 ? lines : [messageOf(error)];
		console.log([`✗ ${name} (${seconds(started)})`, ...output.map((line) => `    ${line}`)].join('\n'));
		return false;
	}
}
