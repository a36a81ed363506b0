import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Declaration } from '../signature/signature.ts';
import { fingerprint } from './fingerprint.ts';

/** A file when it was scanned or saved last. */
interface ScannedFile {
	readonly fingerprint: string;
	readonly declarations: readonly Declaration[];
}

const format = 1;

/** The functions of a workspace as they were when it was scanned: what other programs do while no window is open is compared with it. */
export class Scanned {
	readonly #folder: string | undefined;
	#files = new Map<string, ScannedFile>();

	constructor(folder: string | undefined) {
		this.#folder = folder;
		if (folder !== undefined) this.#files = load(join(folder, 'signatures.json'));
	}

	get isEmpty(): boolean {
		return this.#files.size === 0;
	}

	/** The declarations of a text as it was, if it is another now. */
	before(path: string, text: string): readonly Declaration[] | undefined {
		const known = this.#files.get(path);
		return known && known.fingerprint !== fingerprint(text) ? known.declarations : undefined;
	}

	take(path: string, text: string, declarations: readonly Declaration[]): void {
		this.#files.set(path, { fingerprint: fingerprint(text), declarations });
	}

	clear(): void {
		this.#files.clear();
	}

	/** Whole or not at all. */
	save(): void {
		if (this.#folder === undefined) return;
		mkdirSync(this.#folder, { recursive: true });
		const path = join(this.#folder, 'signatures.json');
		writeFileSync(`${path}.new`, JSON.stringify({ format, files: [...this.#files] }));
		renameSync(`${path}.new`, path);
	}
}

/** What is not there, damaged or of another version is as good as never scanned. */
function load(path: string): Map<string, ScannedFile> {
	try {
		const saved: { format?: unknown; files?: readonly (readonly [string, ScannedFile])[] } = JSON.parse(readFileSync(path, 'utf8'));
		return saved.format === format ? new Map(saved.files) : new Map();
	} catch {
		return new Map();
	}
}
