import { DownloadError } from './download-error.ts';
import { get, type Network } from './download-get.ts';
import type { PartialFile, Version } from './partial-file.ts';

/**
 * Streams what is missing of a file. A server that cannot continue, or has another version by now, sends it from its beginning;
 * then `partial` is emptied before the first chunk.
 */
export async function* missingOfFile(
	url: string,
	bytes: number,
	partial: PartialFile,
	network: Network,
	signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
	const version = await partial.version();
	const headers: Record<string, string> = {};
	if (partial.length > 0) headers['range'] = `bytes=${partial.length}-`;
	if (partial.length > 0 && version?.url === url) headers['if-range'] = version.etag;
	yield* get(url, headers, network, signal, async (response) => {
		refuseOther(response, url, bytes);
		if (response.status === 206 && firstByte(response) === partial.length) return;
		if (response.status === 206 && firstByte(response) !== 0) throw otherFile(url, 'another part than was asked for');
		await partial.restart(versionOf(response, url));
	});
}

/** Before anything is thrown away for it: a login page of the network, say. */
function refuseOther(response: Response, url: string, bytes: number): void {
	const size = totalSize(response);
	if (size !== undefined && size !== bytes) throw otherFile(url, `${size} bytes instead of ${bytes}`);
	if (response.headers.get('content-type')?.startsWith('text/html')) throw otherFile(url, 'a web page');
}

function otherFile(url: string, what: string): DownloadError {
	return new DownloadError('refused', `${url} gives ${what}. Check the network for a login page or a filter.`);
}

function totalSize({ status, headers }: Response): number | undefined {
	const size = status === 206 ? headers.get('content-range')?.split('/')[1] : headers.get('content-length');
	return size && size !== '*' ? Number(size) : undefined;
}

function firstByte({ headers }: Response): number {
	return Number(/^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1]);
}

/** Weak tags say “about the same”, which is not enough to put two halves together. */
function versionOf({ headers }: Response, url: string): Version | undefined {
	const etag = headers.get('etag');
	return etag?.startsWith('"') ? { url, etag } : undefined;
}
