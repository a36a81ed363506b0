import { existsSync, readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { findOnPath, runChild } from './child.mjs';
import { cacheFolder, messageOf } from './steps.mjs';
import { inTemporaryFolder } from './temporary-folder.mjs';

/** The last version that builds from its Go module alone; later ones need a full checkout. */
const version = 'v0.11.4';

const orInstall = 'Or install Ollama from https://ollama.com/download.';

/**
 * Builds Ollama from source, where none is installed and its site may be out of reach. Minutes the first time, nothing after that.
 *
 * @param {(report: string) => void} [report] progress
 * @returns {Promise<{binary: string, models: string, version: string}>} with a folder of its own for models
 */
export async function prepareOllama(report) {
	const folder = join(cacheFolder, 'ollama');
	const binary = join(folder, version, platform() === 'win32' ? 'ollama.exe' : 'ollama');
	if (!existsSync(binary)) {
		await requireGo();
		requireCompiler();
		await inTemporaryFolder(folder, async (unfinished) => {
			await build(unfinished, report);
			await rename(unfinished, join(folder, version));
		});
	}
	return { binary, models: join(folder, 'models'), version };
}

async function build(folder, report) {
	const env = { GOBIN: folder, ...compilerFlags() };
	const onLine = (line) => report?.(`compiling ${line}`);
	try {
		await runChild('go', ['install', '-v', `github.com/ollama/ollama@${version}`], { env, log: 'ollama-build', onLine });
	} catch (error) {
		throw new Error(`Ollama could not be built. ${orInstall}\n${messageOf(error)}`, { cause: error });
	}
}

/** A plain build leaves out the vector instructions (the official one loads them as plugins) and is 20 times slower. */
function compilerFlags() {
	if (platform() !== 'linux' || arch() !== 'x64') return {};
	const processor = readFileSync('/proc/cpuinfo', 'utf8');
	if (!['avx2', 'fma', 'bmi2', 'f16c'].every((feature) => processor.includes(` ${feature} `))) return {};
	const flags = '-O3 -march=x86-64-v3';
	return { CGO_ENABLED: '1', CGO_CFLAGS: flags, CGO_CXXFLAGS: flags };
}

/** Go 1.21 and later fetch the newer version a module asks for; older ones fail on its go.mod with a puzzling message. */
async function requireGo() {
	const advice = `Install Go 1.24 or newer from https://go.dev/dl/ to have Ollama built here (Debian 12's is too old). ${orInstall}`;
	if (!findOnPath('go')) throw new Error(`Neither Ollama nor Go is installed. ${advice}`);
	let found = '';
	await runChild('go', ['version'], { log: 'go-version', onLine: (line) => (found += line) });
	const [, major, minor] = /go(\d+)\.(\d+)/.exec(found) ?? [];
	if (Number(major) === 1 && Number(minor) < 21) throw new Error(`Ollama is not installed, and ${found} is too old to build it. ${advice}`);
}

/** A build without a C++ compiler fails late, and its log buries the reason. */
function requireCompiler() {
	if (process.env.CXX || findOnPath('g++') || findOnPath('clang++')) return;
	const advice = 'A C++ compiler is needed to build it (Debian: apt-get install build-essential).';
	throw new Error(`Ollama is not installed. ${advice} ${orInstall}`);
}
