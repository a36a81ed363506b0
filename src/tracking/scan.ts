import type { Parse } from '../grammar/syntax.ts';
import { nameOf, written } from '../signature/signature.ts';
import { positionsIn } from '../signature/text-edit.ts';
import type { Breath } from '../std/breath.ts';
import type { DiskFile } from './disk-files.ts';
import { declarationsOf } from './outside.ts';
import type { Scanned } from './scanned.ts';
import type { FoundFunction } from './wire.ts';

/** Every function of some files. What is found is what later changes are compared with. */
export async function scanFunctions(
	files: readonly DiskFile[],
	parser: (languageId: string) => Promise<Parse | undefined>,
	scanned: Scanned,
	breath: Breath,
): Promise<readonly FoundFunction[]> {
	const functions: FoundFunction[] = [];
	for (const [index, { path, languageId, text }] of files.entries()) {
		await breath.take(index, files.length);
		const parse = await parser(languageId);
		if (!parse) continue;
		const declarations = declarationsOf(languageId, text, parse);
		scanned.take(path, text, declarations);
		const at = positionsIn(text);
		for (const declaration of declarations.filter(({ isImplied }) => !isImplied)) {
			const { line } = at(declaration.nameRange.start);
			functions.push({ path, name: nameOf(declaration), written: written(declaration), line });
		}
	}
	return functions;
}
