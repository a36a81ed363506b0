import type { FileHandle } from 'node:fs/promises';
import { GgufError } from './gguf-error.ts';

const bufferBytes = 1 << 20;
/** Longer than any name or template; a longer one is a sign of damage. */
const longestString = 16 << 20;

/** What a value in the header can be. Arrays are read only as far as somebody asks for their strings. */
export type GgufValue = number | bigint | boolean | string | undefined;

/** The kinds of values, by their number in the file, that have a fixed size. */
const fixedBytes: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };
const stringKind = 8;
const arrayKind = 9;

/** Reads a GGUF file from its beginning, little-endian, a piece at a time. */
export class GgufReader {
	readonly #file: FileHandle;
	readonly #path: string;
	readonly #size: number;
	#buffer = Buffer.alloc(0);
	/** Where `#buffer` begins in the file, and where in it the next value is. */
	#offset = 0;
	#next = 0;

	constructor(file: FileHandle, path: string, size: number) {
		this.#file = file;
		this.#path = path;
		this.#size = size;
	}

	get position(): number {
		return this.#offset + this.#next;
	}

	async u32(): Promise<number> {
		return (await this.#take(4)).readUInt32LE();
	}

	/** Sizes and counts; what does not fit in a number does not fit on a disk. */
	async u64(): Promise<number> {
		const value = (await this.#take(8)).readBigUInt64LE();
		if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw this.damaged(`a size of ${value}`);
		return Number(value);
	}

	async string(): Promise<string> {
		const length = await this.u64();
		if (length > longestString) throw this.damaged(`a name of ${length} bytes`);
		return (await this.#take(length)).toString('utf8');
	}

	/** A value of the header, with its kind before it. `onString` gets the strings of an array. */
	async value(onString: (text: string) => void): Promise<GgufValue> {
		const kind = await this.u32();
		if (kind === arrayKind) return await this.#array(onString);
		if (kind === stringKind) return await this.string();
		const bytes = fixedBytes[kind];
		if (bytes === undefined) throw this.damaged(`a value of the unknown kind ${kind}`);
		return fixedValue(kind, await this.#take(bytes));
	}

	async #array(onString: (text: string) => void): Promise<undefined> {
		const kind = await this.u32();
		const count = await this.u64();
		if (kind === stringKind) for (let index = 0; index < count; index++) onString(this.#bufferedString() ?? (await this.string()));
		else if (kind === arrayKind) for (let index = 0; index < count; index++) await this.#array(onString);
		else this.#skip((fixedBytes[kind] ?? Number.NaN) * count);
	}

	/** A vocabulary has a hundred thousand strings: too many to wait for each. */
	#bufferedString(): string | undefined {
		const start = this.#next + 8;
		if (start > this.#buffer.length) return undefined;
		const end = start + this.#buffer.readUInt32LE(this.#next);
		if (end > this.#buffer.length || this.#buffer.readUInt32LE(this.#next + 4) !== 0) return undefined;
		this.#next = end;
		return this.#buffer.toString('utf8', start, end);
	}

	damaged(what: string): GgufError {
		return new GgufError('damaged', `${this.#path} is damaged: ${what} at byte ${this.position}. Download it again.`);
	}

	cutOff(missing: number): GgufError {
		const amount = missing >= 1e6 ? `${Math.round(missing / 1e6)} MB` : `${missing} bytes`;
		return new GgufError('damaged', `${this.#path} is cut off: at least ${amount} are missing at its end. Download it again.`);
	}

	#skip(bytes: number): void {
		if (Number.isNaN(bytes)) throw this.damaged('an array of an unknown kind');
		if (this.position + bytes > this.#size) throw this.cutOff(this.position + bytes - this.#size);
		this.#next += bytes;
	}

	async #take(bytes: number): Promise<Buffer> {
		if (this.#next + bytes > this.#buffer.length) await this.#fill(bytes);
		this.#next += bytes;
		return this.#buffer.subarray(this.#next - bytes, this.#next);
	}

	async #fill(bytes: number): Promise<void> {
		const position = this.position;
		const buffer = Buffer.alloc(Math.min(Math.max(bytes, bufferBytes), this.#size - position));
		const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, position);
		if (bytesRead < bytes) throw this.cutOff(bytes - bytesRead);
		this.#buffer = buffer.subarray(0, bytesRead);
		this.#offset = position;
		this.#next = 0;
	}
}

function fixedValue(kind: number, bytes: Buffer): GgufValue {
	switch (kind) {
		case 0:
		case 2:
		case 4:
			return bytes.readUIntLE(0, bytes.length);
		case 1:
		case 3:
		case 5:
			return bytes.readIntLE(0, bytes.length);
		case 6:
			return bytes.readFloatLE();
		case 7:
			return bytes[0] !== 0;
		case 10:
			return bytes.readBigUInt64LE();
		case 11:
			return bytes.readBigInt64LE();
		default:
			return bytes.readDoubleLE();
	}
}
