import process from 'node:process';
import { pipeline } from 'node:stream/promises';

/** A file in a zip archive, as its directory describes it. */
export interface ZipMember {
	readonly name: string;
	readonly isDeflated: boolean;
	/** In the archive. */
	readonly packedBytes: number;
	readonly bytes: number;
	/** Where its header begins in the archive. */
	readonly offset: number;
}

const endMark = 0x06054b50;
const endBytes = 22;
const memberMark = 0x02014b50;
const memberBytes = 46;
const headerMark = 0x04034b50;
/** Of the header before a member's data, without name and extra field. */
export const headerBytes = 30;

/**
 * The directory of an archive, from its last bytes.
 * @param tailOffset where `tail` begins in the archive
 * @returns undefined when this is not the end of an archive that can be read
 */
export function readDirectory(tail: Buffer, tailOffset: number): ZipMember[] | undefined {
	const end = findEnd(tail);
	if (end === undefined) return undefined;
	let position = tail.readUInt32LE(end + 16) - tailOffset;
	const members: ZipMember[] = [];
	for (let count = tail.readUInt16LE(end + 10); count > 0; count--) {
		if (position < 0 || position + memberBytes > end || tail.readUInt32LE(position) !== memberMark) return undefined;
		const nameEnd = position + memberBytes + tail.readUInt16LE(position + 28);
		const method = tail.readUInt16LE(position + 10);
		if (method !== 0 && method !== 8) return undefined;
		members.push({
			name: tail.toString('utf8', position + memberBytes, nameEnd),
			isDeflated: method === 8,
			packedBytes: tail.readUInt32LE(position + 20),
			bytes: tail.readUInt32LE(position + 24),
			offset: tail.readUInt32LE(position + 42),
		});
		position = nameEnd + tail.readUInt16LE(position + 30) + tail.readUInt16LE(position + 32);
	}
	return members;
}

/** A comment may follow the mark, so it is looked for from the end. */
function findEnd(tail: Buffer): number | undefined {
	for (let position = tail.length - endBytes; position >= 0; position--) {
		if (tail.readUInt32LE(position) === endMark) return position;
	}
	return undefined;
}

/** How far a member's data is from where its header begins; undefined when that is no header. */
export function dataOffset(header: Buffer): number | undefined {
	if (header.length < headerBytes || header.readUInt32LE(0) !== headerMark) return undefined;
	return headerBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/** Unpacks the data of a deflated member. */
export async function* inflate(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	// It takes milliseconds to load, and no editor should start later for what is unpacked once.
	const inflater = process.getBuiltinModule('node:zlib').createInflateRaw();
	const feeding = pipeline(packed, inflater);
	// What goes wrong destroys the inflater, and so is thrown by the loop.
	feeding.catch(() => {});
	for await (const chunk of inflater) yield chunk;
}
