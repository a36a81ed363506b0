/** A value of a GGUF header: text, a whole number, or a list of texts or of numbers. */
export type HeaderValue = string | number | readonly string[] | readonly number[];

/** A GGUF file, built byte by byte: a header and the weights of one small tensor. */
export function gguf(header: Readonly<Record<string, HeaderValue>>, { version = 3, weights = 1 } = {}): Buffer {
	const values = Object.entries(header).map(([key, value]) => Buffer.concat([text(key), typed(value)]));
	const tensors = Array.from({ length: weights }, (_, index) =>
		Buffer.concat([text(`blk.${index}.weight`), u32(2), u64(32), u64(2), u32(8), u64(index * 96)]),
	);
	const head = Buffer.concat([Buffer.from('GGUF'), u32(version), u64(weights), u64(values.length), ...values, ...tensors]);
	// 64 elements of Q8_0 are two blocks of 34 bytes; each tensor begins at a multiple of 32.
	const padding = Buffer.alloc((32 - (head.length % 32)) % 32);
	return Buffer.concat([head, padding, Buffer.alloc(weights === 0 ? 0 : 96 * (weights - 1) + 68, 1)]);
}

function typed(value: HeaderValue): Buffer {
	if (typeof value === 'string') return Buffer.concat([u32(8), text(value)]);
	if (typeof value === 'number') return Buffer.concat([u32(4), u32(value)]);
	const isText = value.every((entry) => typeof entry === 'string');
	const entries = value.map((entry) => (typeof entry === 'string' ? text(entry) : u32(entry)));
	return Buffer.concat([u32(9), u32(isText ? 8 : 4), u64(value.length), ...entries]);
}

function text(value: string): Buffer {
	const bytes = Buffer.from(value);
	return Buffer.concat([u64(bytes.length), bytes]);
}

function u32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes;
}

function u64(value: number): Buffer {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64LE(BigInt(value));
	return bytes;
}
