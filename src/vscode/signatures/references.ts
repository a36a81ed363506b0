import { commands, type Location, type Position, type Uri } from 'vscode';
import type { ReferencePlace } from '../../tracking/wire.ts';
import { pathOf } from './places.ts';

/** In milliseconds. A language server that takes longer is asked again by the next keystroke, or not at all. */
const patience = 15_000;

/** What the language's own extension says that refers to a name. None where there is no extension, where it fails, and while it starts. */
export async function referencesTo(uri: Uri, position: Position): Promise<readonly ReferencePlace[]> {
	const asked = commands.executeCommand<readonly Location[] | undefined>('vscode.executeReferenceProvider', uri, position);
	const locations = await Promise.race([asked, after(patience)]).then(
		(found) => found ?? [],
		() => [],
	);
	return locations.map(({ uri: where, range: { start } }) => ({ path: pathOf(where), line: start.line, character: start.character }));
}

function after(ms: number): Promise<undefined> {
	return new Promise((resolve) => {
		setTimeout(() => resolve(undefined), ms).unref();
	});
}
