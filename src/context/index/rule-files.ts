import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** What is where rules may be. */
export interface RuleFile {
	/** Undefined where it is a folder, or nobody may read it. */
	readonly text: string | undefined;
}

/** What is at a path; undefined where nothing is. */
export type LookAt = (path: string) => RuleFile | undefined;

/** For threads and programs of our own: whoever asks waits for the disk. */
export const lookAt: LookAt = (path) => {
	try {
		return { text: readFileSync(path, 'utf8') };
	} catch (error) {
		return isAnswer(error) ? undefined : { text: undefined };
	}
};

/** The same for whom others wait for. Rejects where the disk has not said what is there. */
export async function readLater(path: string): Promise<RuleFile | undefined> {
	try {
		return { text: await readFile(path, 'utf8') };
	} catch (error) {
		if (isAnswer(error)) return undefined;
		if (isAnswer(error, unreadable)) return { text: undefined };
		throw error;
	}
}

const nothingThere = ['ENOENT', 'ENOTDIR'];
const unreadable = ['EISDIR', 'EACCES', 'EPERM'];

function isAnswer(error: unknown, codes = nothingThere): boolean {
	return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
