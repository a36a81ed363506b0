import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SignatureChange } from '../signature/diff.ts';
import { written } from '../signature/signature.ts';
import { fingerprint } from './fingerprint.ts';

/** What was dismissed before that is nobody's concern any more. */
const most = 200;

/** Changes that somebody does not want to hear of, also after the next start. */
export class Dismissed {
	readonly #folder: string | undefined;
	#ids: ReadonlySet<string>;

	constructor(folder: string | undefined) {
		this.#folder = folder;
		this.#ids = new Set(folder === undefined ? [] : load(join(folder, 'dismissed.json')));
	}

	has(id: string): boolean {
		return this.#ids.has(id);
	}

	add(id: string): void {
		this.#ids = new Set([...this.#ids, id].slice(-most));
		if (this.#folder === undefined) return;
		mkdirSync(this.#folder, { recursive: true });
		const path = join(this.#folder, 'dismissed.json');
		writeFileSync(`${path}.new`, JSON.stringify([...this.#ids]));
		renameSync(`${path}.new`, path);
	}
}

/** The same signature of the same function, whoever made it. */
export function dismissalOf({ path, before, after }: SignatureChange): string {
	return `${path}#${fingerprint(written(before) + written(after)).slice(0, 12)}`;
}

/** What is not there or damaged is as good as nothing. */
function load(path: string): readonly string[] {
	try {
		const saved: unknown = JSON.parse(readFileSync(path, 'utf8'));
		return Array.isArray(saved) ? saved.filter((id) => typeof id === 'string') : [];
	} catch {
		return [];
	}
}
