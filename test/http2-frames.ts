/** Frames of HTTP/2 by hand (RFC 9113), for what no client would send. */
const types = { data: 0, headers: 1, priority: 2, reset: 3, settings: 4, push: 5, ping: 6, goaway: 7, window: 8, continuation: 9 } as const;

export const flags = { endStream: 1, ack: 1, endHeaders: 4 } as const;

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export function frame(type: keyof typeof types | number, flag: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
	const head = Buffer.alloc(9);
	head.writeUIntBE(payload.length, 0, 3);
	head[3] = typeof type === 'number' ? type : types[type];
	head[4] = flag;
	head.writeUInt32BE(stream >>> 0, 5);
	return Buffer.concat([head, payload]);
}

/** How a client begins. */
export const hello = Buffer.concat([preface, frame('settings', 0, 0)]);

/** Headers without compression: each with its name and value as they are. */
export function headerBlock(headers: readonly (readonly [name: string, value: string])[]): Buffer {
	return Buffer.concat(headers.map(([name, value]) => Buffer.concat([Buffer.from([0]), text(name), text(value)])));
}

function text(value: string): Buffer {
	const bytes = Buffer.from(value);
	const { length } = bytes;
	if (length < 127) return Buffer.concat([Buffer.from([length]), bytes]);
	const rest: number[] = [];
	let left = length - 127;
	for (; left >= 128; left >>= 7) rest.push((left & 127) | 128);
	return Buffer.concat([Buffer.from([127, ...rest, left]), bytes]);
}

export interface Frame {
	readonly type: number;
	readonly stream: number;
	readonly payload: Buffer;
}

/** The whole frames of what a server has said. */
export function framesIn(bytes: Buffer): Frame[] {
	const frames: Frame[] = [];
	for (let at = 0; at + 9 <= bytes.length; ) {
		const length = bytes.readUIntBE(at, 3);
		if (at + 9 + length > bytes.length) break;
		const [type = 0] = bytes.subarray(at + 3);
		frames.push({ type, stream: bytes.readUInt32BE(at + 5) & 0x7fffffff, payload: bytes.subarray(at + 9, at + 9 + length) });
		at += 9 + length;
	}
	return frames;
}

/** The code with which a server ended the connection; undefined where it did not. */
export function goneAway(bytes: Buffer): number | undefined {
	return framesIn(bytes)
		.find(({ type }) => type === types.goaway)
		?.payload.readUInt32BE(4);
}

/** The code with which a server reset a stream. */
export function resetOf(bytes: Buffer, stream: number): number | undefined {
	return framesIn(bytes)
		.find((found) => found.type === types.reset && found.stream === stream)
		?.payload.readUInt32BE(0);
}
