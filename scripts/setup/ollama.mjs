import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { findOnPath, freePort, startChild } from './child.mjs';
import { prepareOllama } from './ollama-build.mjs';
import { progressBar } from './progress.mjs';
import { messageOf } from './steps.mjs';
import { defaultModel, fetchWeights } from './weights.mjs';

/** What a user without any suitable model gets: the smallest that is trained to fill in the middle. */
const pulledModel = 'deepseek-coder:1.3b-base';

/** What it is replaced by where Ollama's registry cannot be reached; its weights come from fetchWeights(). */
const createdModel = 'qwen2.5-coder:0.5b';

/** Lets Ollama itself fill in the middle with the created model, for programs that send a prompt and a suffix. */
const createdTemplate =
	'{{- if .Suffix }}<|fim_prefix|>{{ .Prompt }}<|fim_suffix|>{{ .Suffix }}<|fim_middle|>{{- else }}{{ .Prompt }}{{- end }}';

/** Model families known to fill in the middle, the preferred ones first; within one, smaller models come first. */
const fimFamilies = [
	/deepseek-coder.*base/,
	/qwen2\.5-coder/,
	/deepseek-coder|qwen3-coder|granite4|starcoder|stable-code|codeqwen|codellama|codegemma|codestral/,
];

const usualUrl = 'http://127.0.0.1:11434';

/**
 * Finds a running Ollama, or starts the one that is installed.
 *
 * @returns {Promise<{url: string, how: string} | undefined>} undefined where there is none
 */
export async function findOllama() {
	const host = process.env.OLLAMA_HOST;
	if (host) {
		const url = serverUrl(host);
		if (await answers(url)) return { url, how: 'OLLAMA_HOST' };
		throw new Error(`OLLAMA_HOST is ${host}, but no Ollama answers at ${url}. Start it (ollama serve), correct OLLAMA_HOST, or unset it.`);
	}
	if (await answers(usualUrl)) return { url: usualUrl, how: 'already running' };
	const installed = findOnPath('ollama');
	return installed && (await serve(installed, {}, `started ${installed}`));
}

/**
 * An Ollama in any case, for the tests that are about it: one built from source where there is none.
 *
 * @param {(report: string) => void} [report] progress
 * @returns {Promise<{url: string, how: string}>}
 */
export async function findModelServer(report) {
	const found = await findOllama();
	if (found) return found;
	const prepared = await prepareOllama(report);
	return await serve(prepared.binary, { OLLAMA_MODELS: prepared.models }, `started our own, ${prepared.version}`);
}

/**
 * A model that can fill in the middle, on a running server: an installed one, else one pulled, else (registry out of reach) one created
 * from downloaded weights.
 *
 * @param {string} url
 * @param {(report: string) => void} [report] progress
 * @returns {Promise<string>} its name
 */
export async function ensureFimModel(url, report) {
	const installed = await installedFimModel(url);
	if (installed) return installed;
	try {
		await pullModel(url, report);
		return pulledModel;
	} catch (pullError) {
		report?.(`${pulledModel} cannot be pulled; fetching ${createdModel}`);
		try {
			const { sha256 } = await defaultModel();
			await createModel(url, await fetchWeights(report), sha256);
			return createdModel;
		} catch (error) {
			throw new Error(`${pulledModel} could not be pulled (${messageOf(pullError)}), and the other way failed too.\n${messageOf(error)}`, {
				cause: error,
			});
		}
	}
}

/**
 * The address that a value of OLLAMA_HOST means, by Ollama's rules: scheme and port may be missing, and "every interface" is reached
 * through this machine's own.
 *
 * @param {string} host e.g. `0.0.0.0`, `:8080`, `box.local:11434`, `https://models.example/`
 */
function serverUrl(host) {
	const [, scheme, rest] = /^(?:(https?):\/\/)?(.*?)\/*$/i.exec(host.trim());
	const hasPort = /:\d+(\/|$)/.test(rest);
	const url = new URL(`${scheme ?? 'http'}://${rest.startsWith(':') ? `127.0.0.1${rest}` : rest || '127.0.0.1'}`);
	if (!hasPort && !scheme) url.port = '11434';
	if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
	return url.href.replace(/\/$/, '');
}

async function serve(binary, env, how) {
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const child = startChild(binary, ['serve'], { env: { ...env, OLLAMA_HOST: `127.0.0.1:${port}` }, log: 'ollama' });
	const ended = child.exited.then(() => 'ended');
	for (const started = performance.now(); performance.now() - started < 30_000; ) {
		if (await answers(url)) return { url, how };
		if ((await Promise.race([ended, delay(100)])) === 'ended') throw new Error(`${binary} ended at once. Log: ${child.logPath}`);
	}
	await child.stop();
	throw new Error(`${binary} did not answer within 30 s. Log: ${child.logPath}`);
}

async function answers(url) {
	try {
		const response = await fetch(`${url}/api/version`, { signal: AbortSignal.timeout(2_000) });
		return typeof (await response.json()).version === 'string';
	} catch {
		return false;
	}
}

async function installedFimModel(url) {
	const response = await fetch(`${url}/api/tags`, { signal: AbortSignal.timeout(10_000) });
	if (!response.ok) throw new Error(`${url}/api/tags answered ${response.status}.`);
	const { models } = await response.json();
	const smallestFirst = models.toSorted((a, b) => a.size - b.size).map((model) => model.name);
	return fimFamilies.map((family) => smallestFirst.find((name) => family.test(name))).find(Boolean);
}

/** Gives up when nothing arrives for a while: an unreachable registry must not stop the set-up, a slow one may take its time. */
async function pullModel(url, report) {
	const stalled = new AbortController();
	const giveUp = () => stalled.abort(new Error('nothing arrived for too long'));
	let timer = setTimeout(giveUp, 20_000);
	let arrived = 0;
	try {
		for await (const { status, completed = 0, total } of events(`${url}/api/pull`, { model: pulledModel }, stalled.signal)) {
			if (total) report?.(`pulling ${pulledModel}: ${progressBar({ receivedBytes: completed, totalBytes: total, bytesPerSecond: 0 })}`);
			if (completed === arrived && status !== 'success') continue;
			arrived = completed;
			clearTimeout(timer);
			// Longer: at the end it verifies checksums without a word.
			timer = setTimeout(giveUp, 120_000);
		}
	} finally {
		clearTimeout(timer);
	}
}

async function createModel(url, path, sha256) {
	const digest = `sha256:${sha256}`;
	const blob = `${url}/api/blobs/${digest}`;
	if (!(await fetch(blob, { method: 'HEAD' })).ok) {
		const upload = await fetch(blob, { method: 'POST', body: Readable.toWeb(createReadStream(path)), duplex: 'half' });
		if (!upload.ok) throw new Error(`${blob} answered ${upload.status}: ${await upload.text()}`);
	}
	const body = { model: createdModel, files: { [basename(path)]: digest }, template: createdTemplate };
	for await (const _ of events(`${url}/api/create`, body));
}

/** The events of a long Ollama call. Errors come as events too, after a status of 200. */
async function* events(url, body, signal) {
	const response = await fetch(url, { method: 'POST', body: JSON.stringify(body), signal });
	if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
	for await (const line of createInterface({ input: Readable.fromWeb(response.body) })) {
		const event = JSON.parse(line);
		if (event.error) throw new Error(event.error);
		yield event;
	}
}
