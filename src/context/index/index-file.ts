import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writevSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { FolderIndex, type IndexedFile, type Snapshot } from './folder-index.ts';
import { pageSize } from './postings.ts';

/**
 * An index on the disk: a line of JSON with the files and how long each list of numbers is, then the lists. It begins with what it is and a
 * sum of all that follows, so that a file that is of another version, cut off or damaged is told from one that is whole.
 */
const version = 'co-clone index 2';
const sumLength = 40;
const headLength = version.length + sumLength + 8;
/** Of writes that did not end. */
const staleMs = 600_000;

type FileRow = readonly [path: string, ...numbers: number[]];

interface Head {
	readonly files: readonly FileRow[];
	readonly terms: number;
	readonly chunks: readonly number[];
	readonly names: readonly number[];
	readonly postings: readonly number[];
	readonly pages: number;
}

/** What became of a file. */
export type Loaded = { readonly index: FolderIndex } | { readonly fault: string | undefined };

/** The index that was saved in a file; the fault is undefined where there is none yet. */
export function loadIndex(path: string): Loaded {
	let bytes: Buffer;
	try {
		bytes = readFileSync(path);
	} catch (error) {
		return { fault: isMissing(error) ? undefined : messageOf(error) };
	}
	try {
		return { index: new FolderIndex(decode(bytes)) };
	} catch (error) {
		return { fault: messageOf(error) };
	}
}

/** Writes next to the file and then takes its place: whoever reads it sees the one before or this one, whole. */
export function saveIndex(path: string, index: FolderIndex): void {
	removeStale(path);
	const written = `${path}.${process.pid}.tmp`;
	try {
		const file = openSync(written, 'w', 0o600);
		try {
			writeAll(file, encode(index.snapshot));
			fsyncSync(file);
		} finally {
			closeSync(file);
		}
		renameSync(written, path);
	} finally {
		rmSync(written, { force: true });
	}
}

function encode({ files, terms, chunks, names, postings, pages }: Snapshot): Uint8Array[] {
	const lengths = (columns: readonly Uint32Array[]) => columns.map(({ length }) => length);
	const head: Head = {
		files: files.map(rowOf),
		terms: terms.length,
		chunks: lengths(chunks),
		names: lengths(names),
		postings: lengths(postings),
		pages: pages.length,
	};
	// Lists of numbers begin where a number may.
	const json = Buffer.from(JSON.stringify(head));
	const padded = Buffer.concat([json, Buffer.alloc((8 - ((headLength + json.length) % 8)) % 8, ' ')]);
	const columns = [terms, ...chunks, ...names, ...postings].map(
		({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
	);
	const parts = [padded, ...columns, ...pages];
	return [Buffer.from(`${version}${sumOf(parts)}${String(padded.length).padStart(8)}`), ...parts];
}

/** @throws Error that says what is wrong with the bytes. */
function decode(bytes: Buffer): Snapshot {
	const head = bytes.toString('latin1', 0, headLength);
	if (!head.startsWith(version)) throw new Error('it is of another version');
	if (sumOf([bytes.subarray(headLength)]) !== head.slice(version.length, version.length + sumLength)) throw new Error('it is damaged');
	const jsonEnd = headLength + Number(head.slice(-8));
	const { files, terms, chunks, names, postings, pages }: Head = JSON.parse(bytes.toString('utf8', headLength, jsonEnd));
	let at = bytes.byteOffset + jsonEnd;
	// Copies, so that they can grow on their own, and so that it does not matter where the bytes lie in memory.
	const take = (length: number) => {
		at += length;
		return bytes.buffer.slice(at - length, at);
	};
	const column = (length: number) => new Uint32Array(take(length * 4));
	const page = () => new Uint8Array(take(pageSize));
	return {
		files: files.map(fileOf),
		terms: column(terms),
		chunks: chunks.map(column),
		names: names.map(column),
		postings: postings.map(column),
		pages: Array.from({ length: pages }, page),
	};
}

function rowOf({ path, number, modified, size, isPlain, firstChunk, chunkCount, firstName, nameCount }: IndexedFile): FileRow {
	return [path, number, modified, size, Number(isPlain), firstChunk, chunkCount, firstName, nameCount];
}

function fileOf([path, ...numbers]: FileRow): IndexedFile {
	const [number = 0, modified = 0, size = 0, isPlain = 0, firstChunk = 0, chunkCount = 0, firstName = 0, nameCount = 0] = numbers;
	return { path, number, modified, size, isPlain: isPlain === 1, firstChunk, chunkCount, firstName, nameCount };
}

function sumOf(parts: readonly Uint8Array[]): string {
	const hash = createHash('sha1');
	for (const part of parts) hash.update(part);
	return hash.digest('hex');
}

/** The system may take less at once than it is given. */
function writeAll(file: number, parts: readonly Uint8Array[]): void {
	let rest = parts.filter(({ length }) => length > 0);
	while (rest.length > 0) {
		let written = writevSync(file, rest.slice(0, 512));
		while (rest[0] && written >= rest[0].length) {
			written -= rest[0].length;
			rest = rest.slice(1);
		}
		if (rest[0] && written > 0) rest = [rest[0].subarray(written), ...rest.slice(1)];
	}
}

/** Leaves those of another window that is writing. */
function removeStale(path: string): void {
	const folder = dirname(path);
	for (const name of readdirSync(folder)) {
		if (!name.startsWith(`${basename(path)}.`) || !name.endsWith('.tmp')) continue;
		const { mtimeMs } = statSync(join(folder, name), { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
		if (Date.now() - mtimeMs > staleMs) rmSync(join(folder, name), { force: true });
	}
}

function isMissing(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
