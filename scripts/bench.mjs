import { join } from 'node:path';
import { runChild, stopChildren } from './setup/child.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { prepareEngine } from './setup/engine.mjs';
import { ensureFimModel, findModelServer } from './setup/ollama.mjs';
import { messageOf, root, step } from './setup/steps.mjs';
import { fetchWeights } from './setup/weights.mjs';

/** `npm run bench -- COMMAND …`: measures the extension. Without a command it says which there are. */
const args = process.argv.slice(2);
const isQuestion = args.includes('--help') || args.includes('-h');
/** What the bench ends with where it does not understand its command line, and has said so. */
const misspelt = 2;

try {
	await step('Installing dependencies', installDependencies);
	await step('Bundling the bench', () => runChild(process.execPath, ['esbuild.config.mjs', '--bench'], { cwd: root, log: 'bench-bundle' }));
	if (args[0] === 'footprint' && !isQuestion) await step('Building for production', buildForProduction);
	const env = { ...(wants('embedded') && (await engine())), ...(wants('ollama') && (await ollama())) };
	const program = ['--expose-gc', '--enable-source-maps', join(root, 'out', 'bench', 'bench.cjs'), ...args];
	await runChild(process.execPath, program, { cwd: root, env, log: 'bench', onLine: console.log });
} catch (error) {
	if (error.exitCode !== misspelt) console.error(`\n${messageOf(error)}`);
	process.exitCode = error.exitCode === misspelt ? misspelt : 1;
} finally {
	await stopChildren();
}

function buildForProduction() {
	return runChild(process.execPath, ['esbuild.config.mjs', '--production'], { cwd: root, log: 'build' });
}

/** A backend or a model is named: `embedded`, `ollama:NAME`. */
function wants(kind) {
	return !isQuestion && args.some((arg) => arg.replace(/^--\w+=/, '').split(':')[0] === kind);
}

/** What the embedded engine is made of, and the weights of the smallest model. */
async function engine() {
	const { llama } = await step('Preparing the embedded engine', (report) => prepareEngine(report));
	return { BENCH_LLAMA: llama, BENCH_WEIGHTS: await step('Looking for its model', fetchWeights) };
}

async function ollama() {
	const { url } = await step('Looking for Ollama', findModelServer);
	return { BENCH_OLLAMA_URL: url, BENCH_MODEL: await step('Looking for a model', (report) => ensureFimModel(url, report)) };
}
