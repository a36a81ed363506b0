import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Files, of which every second one calls the function several times, in code that has nothing else to do with it. */
export interface Corpus {
	readonly files: number;
	readonly calls: number;
}

/** The file that is edited, with the place where a parameter is typed. */
export const declared = {
	path: 'src/price.ts',
	before: 'export function price(net: number',
	after: '): number {\n\treturn net * 1.2;\n}\n',
};

const linesBetween = 25;

/** Writes as many files as a project of some size has, with as many calls. */
export async function writeCorpus(root: string, files: number, calls: number, callsPerFile = 4): Promise<Corpus> {
	const callers = Math.ceil(calls / callsPerFile);
	await write(root, declared.path, declared.before + declared.after);
	for (let index = 1; index < files; index++)
		await write(root, `src/part${index % 40}/file${index}.ts`, source(index, index <= callers, callsPerFile));
	return { files, calls: callers * callsPerFile };
}

async function write(root: string, path: string, text: string): Promise<void> {
	await mkdir(dirname(join(root, path)), { recursive: true });
	await writeFile(join(root, path), text);
}

function source(index: number, isCaller: boolean, calls: number): string {
	const parts = Array.from({ length: calls }, (_, part) => [
		`export function total${part}(rows: readonly number[]): number {`,
		`\treturn rows.reduce((sum, row) => sum + ${isCaller ? `price(row + ${part})` : 'row'}, ${index});`,
		'}',
		...Array.from(
			{ length: linesBetween },
			(_, line) => `export const value${part}_${line} = { id: ${line}, name: 'row ${line} of ${index}' };`,
		),
	]);
	return [...(isCaller ? ["import { price } from '../price';"] : []), ...parts.flat(), ''].join('\n');
}
