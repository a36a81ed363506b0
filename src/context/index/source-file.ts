import { isAscii, isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { withoutSecrets } from '../secrets.ts';

/** A file of the disk as it was at a time. */
export interface SourceFile {
	readonly text: string;
	/** In milliseconds; with the size it tells one state of a file from the next. */
	readonly modified: number;
	readonly size: number;
	/** Whether each character is a byte of the file, at the same place. */
	readonly isPlain: boolean;
}

/** What is larger was not written by hand, and lines that are longer neither. */
const mostBytes = 512 * 1024;
const mostMeanLength = 200;
/** What became a link or a pipe since it was looked at is not opened; Windows has neither flag. */
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
/** Where Git looks for a zero to tell binary files. */
const binaryBytes = 8000;

const generatedMark = /@generated\b|code generated (?:by|from)\b|\bdo not edit\b|this file (?:is|was) (?:auto-?|automatically )generated/i;
const generatedName =
	/(?:[.-]min\.\w+|\.(?:map|snap|lock|lockb|tsbuildinfo|g\.dart|designer\.cs)|[._]pb2?(?:_grpc)?\.\w+|(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|go\.sum))$/i;
const binaryName =
	/\.(?:png|jpe?g|gif|bmp|ico|icns|webp|avif|tiff?|psd|pdf|zip|gz|tgz|bz2|xz|zst|7z|rar|jar|war|class|exe|dll|so|dylib|a|o|obj|lib|pdb|wasm|node|bin|dat|db|sqlite3?|pyc|pyo|whl|egg|ttf|otf|woff2?|eot|mp[34]|m4a|wav|ogg|flac|avi|mov|mkv|webm|onnx|gguf|safetensors|pt|pth|npy|npz|pkl|parquet|arrow|h5|vsix|dmg|iso|deb|rpm|svg|csv|tsv|log)$/i;

/** Whether a file can be told by its name to hold no text that somebody wrote. */
export function isForeign(path: string): boolean {
	return binaryName.test(path) || generatedName.test(path);
}

/**
 * A text as it goes into the index and into snippets: everything that the index knows of a file and everything that it shows of it has been
 * through here. Secrets are not in it; the lines are where they were.
 */
export function readableText(text: string): string {
	return withoutSecrets(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
}

/** Whether nobody wrote a text by hand. */
export function isGenerated(text: string): boolean {
	return generatedMark.test(text.slice(0, 2000)) || (text.length > 2000 && text.length / countLines(text) > mostMeanLength);
}

function countLines(text: string): number {
	let count = 1;
	for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
	return count;
}

/** What a path is; undefined if it is no plain file. A link is none: it may lead anywhere, also out of the workspace or in a circle. */
export function statFile(path: string): Stats | undefined {
	try {
		const found = lstatSync(path);
		return found.isFile() ? found : undefined;
	} catch {
		return undefined;
	}
}

/** The text of a file; undefined if it is too large or binary, or cannot be read. One that is written to meanwhile is read again. */
export function readSource(path: string): SourceFile | undefined {
	let file: number | undefined;
	try {
		file = openSync(path, openFlags);
		return readOpen(file) ?? readOpen(file);
	} catch {
		return undefined;
	} finally {
		if (file !== undefined) closeSync(file);
	}
}

function readOpen(file: number): SourceFile | undefined {
	const before = fstatSync(file);
	if (!before.isFile() || before.size > mostBytes) return undefined;
	const bytes = Buffer.allocUnsafe(before.size);
	let length = 0;
	for (let read = -1; read !== 0 && length < bytes.length; length += read)
		read = readSync(file, bytes, length, bytes.length - length, length);
	const after = fstatSync(file);
	if (after.mtimeMs !== before.mtimeMs || after.size !== before.size) return undefined;
	const text = decode(bytes.subarray(0, length));
	if (text === undefined) return undefined;
	const readable = readableText(text);
	const isPlain = readable === text && text.length === length && isAscii(bytes.subarray(0, length));
	return { text: readable, modified: after.mtimeMs, size: after.size, isPlain };
}

/** A part of the text of a plain file; undefined if it is not what it was. */
export function readPart(
	path: string,
	{ modified, size }: Pick<SourceFile, 'modified' | 'size'>,
	from: number,
	to: number,
): string | undefined {
	let file: number | undefined;
	try {
		file = openSync(path, openFlags);
		const found = fstatSync(file);
		if (!found.isFile() || found.mtimeMs !== modified || found.size !== size) return undefined;
		const bytes = Buffer.allocUnsafe(to - from);
		return bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, from));
	} catch {
		return undefined;
	} finally {
		if (file !== undefined) closeSync(file);
	}
}

/** Text that is no UTF-8 is of a time when a byte was a character. */
function decode(bytes: Buffer): string | undefined {
	if (bytes.subarray(0, binaryBytes).includes(0)) return undefined;
	return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1');
}
