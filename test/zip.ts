import { crc32, deflateRawSync } from 'node:zlib';

/** A zip archive, built byte by byte. */
export function zip(members: readonly { name: string; bytes: Buffer; isDeflated?: boolean }[], comment = ''): Buffer {
	const files: Buffer[] = [];
	const directory: Buffer[] = [];
	let offset = 0;
	for (const { name, bytes, isDeflated = false } of members) {
		const packed = isDeflated ? deflateRawSync(bytes) : bytes;
		// Of different lengths here and there, as archivers do.
		const extra = Buffer.from([0xfe, 0xca, 1, 0, 7]);
		const facts = Buffer.alloc(26);
		facts.writeUInt16LE(20, 0);
		facts.writeUInt16LE(isDeflated ? 8 : 0, 4);
		facts.writeUInt32LE(crc32(bytes), 10);
		facts.writeUInt32LE(packed.length, 14);
		facts.writeUInt32LE(bytes.length, 18);
		facts.writeUInt16LE(name.length, 22);
		facts.writeUInt16LE(extra.length, 24);
		files.push(Buffer.from('PK\x03\x04'), facts, Buffer.from(name), extra, packed);
		const place = Buffer.alloc(14);
		place.writeUInt32LE(offset, 10);
		const shortFacts = Buffer.from(facts);
		shortFacts.writeUInt16LE(0, 24);
		directory.push(Buffer.from('PK\x01\x02\x14\x00'), shortFacts, place, Buffer.from(name));
		offset += 30 + name.length + extra.length + packed.length;
	}
	const end = Buffer.alloc(18);
	end.writeUInt16LE(members.length, 4);
	end.writeUInt16LE(members.length, 6);
	end.writeUInt32LE(Buffer.concat(directory).length, 8);
	end.writeUInt32LE(offset, 12);
	end.writeUInt16LE(comment.length, 16);
	return Buffer.concat([...files, ...directory, Buffer.from('PK\x05\x06'), end, Buffer.from(comment)]);
}
