import { copyFile, link, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { progressBar } from './progress.mjs';
import { importSource } from './source.mjs';
import { cacheFolder, messageOf } from './steps.mjs';

const onceOnly = 'The network is needed once; after that everything starts without it.';

/** The model of those who have no other, as the extension knows it: its name, size, licence and checksum. */
export async function defaultModel() {
	const { knownGgufs } = await importModels();
	return knownGgufs[0];
}

/**
 * The weights of that model under `.cache/weights/`. They are downloaded as a user's editor downloads them: from the same addresses, going on
 * where an earlier attempt stopped, and never there without the right checksum.
 *
 * @param {(report: string) => void} [report] progress
 * @returns {Promise<string>} path of the GGUF
 */
export async function fetchWeights(report = () => {}) {
	const { ModelStore, knownGgufs } = await importModels();
	const [model] = knownGgufs;
	const store = new ModelStore(join(cacheFolder, 'weights'));
	const onProgress = (progress) => report(progressBar(progress));
	try {
		return await store.install(model, { fetch, onProgress }, new AbortController().signal);
	} catch (error) {
		throw new Error(`${model.name} is not here and cannot be downloaded. ${messageOf(error)} ${onceOnly}`, { cause: error });
	}
}

/**
 * Puts the weights where the extension in a profile looks for its models. A hard link takes no space; a disk without them gets a copy.
 *
 * @param {string} weights path of the GGUF
 * @param {string} userDataDir the profile
 */
export async function placeWeights(weights, userDataDir) {
	const place = join(userDataDir, 'User', 'globalStorage', 'co-clone.co-clone', 'models', basename(weights));
	await mkdir(dirname(place), { recursive: true });
	await link(weights, place).catch(async (error) => {
		if (error.code !== 'EEXIST') await copyFile(weights, place);
	});
}

function importModels() {
	return importSource('models', ['src/model/known-gguf.ts', 'src/model/model-store.ts']);
}
