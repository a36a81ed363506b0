import { join } from 'node:path';
import { runChild, stopChildren } from './setup/child.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { prepareEngine } from './setup/engine.mjs';
import { messageOf, root, step } from './setup/steps.mjs';
import { fetchWeights } from './setup/weights.mjs';

/** `npm run bench -- COMMAND …`: measures the extension. Without a command it says which there are. */
const args = process.argv.slice(2);

try {
	await step('Installing dependencies', installDependencies);
	await step('Bundling the bench', () => runChild(process.execPath, ['esbuild.config.mjs', '--bench'], { cwd: root, log: 'bench-bundle' }));
	const bench = join(root, 'out', 'bench', 'bench.cjs');
	const env = args.some((arg) => arg.startsWith('embedded:')) ? await engine() : {};
	await runChild(process.execPath, ['--expose-gc', '--enable-source-maps', bench, ...args], {
		cwd: root,
		env,
		log: 'bench',
		onLine: console.log,
	});
} catch (error) {
	console.error(`\n${messageOf(error)}`);
	process.exitCode = 1;
} finally {
	await stopChildren();
}

/** What the embedded engine is made of, and the weights of the smallest model. */
async function engine() {
	const { llama } = await step('Preparing the embedded engine', (report) => prepareEngine(report));
	return { BENCH_LLAMA: llama, BENCH_WEIGHTS: await step('Fetching model weights', fetchWeights) };
}
