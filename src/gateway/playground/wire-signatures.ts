import { setImmediate } from 'node:timers/promises';
import { languageOf } from '../../completion/language.ts';
import type { Signatures } from '../../signature/compare.ts';
import { fillEdits } from '../../signature/hole.ts';
import type { SourceFile } from '../../signature/project.ts';
import { nameOf, written } from '../../signature/signature.ts';
import { positionsIn } from '../../signature/text-edit.ts';
import { type JsonObject, readJson } from '../body.ts';
import type { Answer, Route } from '../call.ts';
import { plainFailure } from '../failure.ts';
import { objectsIn, optionalText, textIn } from '../fields.ts';

/** Which functions there are, and what became of their signatures, in files that a page brings with it. */
export function signatureRoutes(signatures: Signatures): readonly Route[] {
	const functions: Answer = async ({ request }) => {
		const files = filesIn(await readJson(request));
		const found = await signatures.declarationsOf(files);
		const texts = new Map(files.map(({ path, text }) => [path, positionsIn(text)]));
		return Response.json({
			functions: found.map(({ path, declaration }) => ({
				path,
				name: nameOf(declaration),
				signature: written(declaration),
				line: (texts.get(path)?.(declaration.nameRange.start).line ?? 0) + 1,
			})),
		});
	};
	const changes: Answer = async ({ request, signal }) => {
		const files = filesIn(await readJson(request));
		const compared = await signatures.compare(files, async () => {
			// Streams of others go on meanwhile.
			await setImmediate();
			signal.throwIfAborted();
		});
		const texts = new Map(files.map(({ path, text }) => [path, positionsIn(text)]));
		return Response.json({
			changes: compared.changes.map(({ path, before, after }) => ({
				path,
				name: nameOf(after),
				before: written(before),
				after: written(after),
			})),
			dependents: compared.dependents.map(({ path, range, kind, class: sure, reason, edits, change }) => ({
				path,
				line: (texts.get(path)?.(range.start).line ?? 0) + 1,
				kind,
				sure,
				reason,
				edits: fillEdits(edits, compared.holes),
				change,
			})),
		});
	};
	return [
		{ method: 'POST', path: '/playground/functions', answer: functions, fail: plainFailure },
		{ method: 'POST', path: '/playground/changes', answer: changes, fail: plainFailure },
	];
}

function filesIn(body: JsonObject): SourceFile[] {
	return objectsIn(body, 'files').map((file) => {
		const path = textIn(file, 'path');
		return { path, languageId: languageOf(path), text: textIn(file, 'text'), before: optionalText(file, 'before') };
	});
}
