import { commands, type Location, type LocationLink, type Position, type Uri } from 'vscode';
import type { ReferencePlace } from '../../tracking/wire.ts';
import { pathOf } from './places.ts';

/** In milliseconds. A language server that takes longer is asked again by the next keystroke, or not at all. */
const patience = 15_000;

/**
 * What the language's own extension says that a name means: where it is used, and which other declarations have to agree with it. None where
 * there is no extension, where it fails, and while it starts. Who calls it (`vscode.provideIncomingCalls`) is a part of the first.
 */
export async function referencesTo(uri: Uri, position: Position): Promise<readonly ReferencePlace[]> {
	const [uses, implementations] = await Promise.all([
		ask('vscode.executeReferenceProvider', uri, position),
		ask('vscode.executeImplementationProvider', uri, position),
	]);
	const others = implementations.map((place) => ({ ...place, isImplementation: true }));
	const found = new Map([...others, ...uses].map((place) => [`${place.path}:${place.line}:${place.character}`, place]));
	return [...found.values()];
}

async function ask(command: string, uri: Uri, position: Position): Promise<readonly ReferencePlace[]> {
	const asked = commands.executeCommand<readonly (Location | LocationLink)[] | undefined>(command, uri, position);
	const locations = await Promise.race([asked, after(patience)]).then(
		(found) => found ?? [],
		() => [],
	);
	return locations.map(placeOf);
}

function placeOf(location: Location | LocationLink): ReferencePlace {
	if ('uri' in location) return { path: pathOf(location.uri), line: location.range.start.line, character: location.range.start.character };
	const { start } = location.targetSelectionRange ?? location.targetRange;
	return { path: pathOf(location.targetUri), line: start.line, character: start.character };
}

function after(ms: number): Promise<undefined> {
	return new Promise((resolve) => {
		setTimeout(() => resolve(undefined), ms).unref();
	});
}
