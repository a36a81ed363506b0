import { basename } from 'node:path';
import type { ModelFile } from './engine-wire.ts';
import { type FimTemplate, fimTemplate } from './fim.ts';

/**
 * How a model in a file fills holes, by the user's name for it, by what it says of itself (`general.basename`) or by the name of its
 * file: whichever tells the family first.
 */
export function fileTemplate({ name, path }: ModelFile, said: string | undefined): FimTemplate | undefined {
	return fimTemplate({ name, basename: `${said ?? ''} ${basename(path)}`, canInsert: false });
}
