import { commands, Location, languages, ProgressLocation, Range, type TextDocument, WorkspaceEdit, window, workspace } from 'vscode';
import { placeholderOf } from '../../signature/hole.ts';
import type { Changes } from './changes.ts';
import { type GivenText, problemsIn, type RefusedValue, refusedIn } from './given-values.ts';
import { pathOf } from './places.ts';
import type { Watch } from './watch.ts';

/** In milliseconds: how long checkers may take, and after how long of nothing new they have said everything. Where all is well some say nothing. */
const patience = { most: 8000, quiet: 1500 };

/**
 * Asks the language's own checker about values that a model gave, the only way there is: it sees them in the editor, and says what it says
 * of everything. A value that it reports an error at becomes a placeholder, in a step of its own, so that undoing it brings the value back.
 */
export async function checkValues(given: readonly GivenText[], changes: Changes, watch: Watch): Promise<void> {
	const controller = new AbortController();
	const options = { location: ProgressLocation.Notification, title: 'Co-Clone has the values of the model checked', cancellable: true };
	const heard = await window.withProgress(options, (_, token) => {
		token.onCancellationRequested(() => controller.abort());
		return heardFrom(
			given.map(({ document }) => document),
			controller.signal,
		);
	});
	if (controller.signal.aborted) return;
	const refused = given.filter(({ document }) => heard.has(document)).flatMap(refusedIn);
	if (refused.length === 0 || !(await replace(refused, watch))) return;
	for (const { dependent, hole, message } of refused) changes.setAnswer(dependent, hole.name, { refusal: message });
	void report(refused, given.flatMap(({ values }) => values).length);
}

/** The texts that checkers have another opinion of since. */
function heardFrom(documents: readonly TextDocument[], signal: AbortSignal): Promise<ReadonlySet<TextDocument>> {
	const said = ({ uri }: TextDocument) => JSON.stringify(problemsIn(uri));
	const before = new Map(documents.map((document) => [document, said(document)]));
	const heard = new Set<TextDocument>();
	return new Promise((resolve) => {
		const end = () => {
			listening.dispose();
			clearTimeout(most);
			clearTimeout(quiet);
			resolve(heard);
		};
		const most = setTimeout(end, patience.most);
		let quiet: NodeJS.Timeout | undefined;
		const listening = languages.onDidChangeDiagnostics(({ uris }) => {
			const changed = new Set(uris.map((uri) => uri.toString()));
			for (const [document, problems] of before)
				if (changed.has(document.uri.toString()) && said(document) !== problems) heard.add(document);
			clearTimeout(quiet);
			if (heard.size === documents.length) quiet = setTimeout(end, patience.quiet);
		});
		signal.addEventListener('abort', end, { once: true });
	});
}

async function replace(refused: readonly RefusedValue[], watch: Watch): Promise<boolean> {
	const edit = new WorkspaceEdit();
	for (const value of refused) edit.replace(value.document.uri, rangeOf(value), placeholderOf(value.hole));
	return watch.during(new Set(refused.map(({ document }) => pathOf(document.uri))), () => workspace.applyEdit(edit));
}

function rangeOf({ document, start, end }: RefusedValue): Range {
	return new Range(document.positionAt(start), document.positionAt(end));
}

async function report(refused: readonly RefusedValue[], asked: number): Promise<void> {
	const [first] = refused;
	if (!first) return;
	const places = refused.map((value) => new Location(value.document.uri, value.document.positionAt(value.start)));
	const count = `${refused.length} of ${asked} ${asked === 1 ? 'value' : 'values'} of the model`;
	const said = `Co-Clone put placeholders for ${count}, which do not hold: ${first.message} Undo brings them back.`;
	if ((await window.showWarningMessage(said, 'Show')) === undefined) return;
	const [place] = places;
	if (!place) return;
	const editor = await window.showTextDocument(place.uri, { selection: place.range });
	await commands.executeCommand('editor.action.peekLocations', editor.document.uri, place.range.start, places, 'gotoAndPeek');
}
