import { type Diagnostic, DiagnosticSeverity, EndOfLine, languages, type TextDocument, type Uri, workspace } from 'vscode';
import { isWithin, reaches } from '../../holes/blame.ts';
import { type Hole, placeValues } from '../../signature/hole.ts';
import { applyEdits } from '../../signature/text-edit.ts';
import type { PlannedDependent } from '../../tracking/wire.ts';
import type { Changes } from './changes.ts';
import { uriOf } from './places.ts';
import { problemSource } from './stale-calls.ts';

/** A value that a model gave, where it comes to stand. */
interface GivenValue {
	readonly dependent: PlannedDependent;
	readonly hole: Hole;
	readonly start: number;
	readonly end: number;
}

/** A text with values of a model in it. */
export interface GivenText {
	readonly document: TextDocument;
	/** As it is going to be. */
	readonly text: string;
	readonly values: readonly GivenValue[];
	/** What was wrong with it before. */
	readonly errors: ReadonlySet<string>;
}

/** A value that a checker does not accept. */
export interface RefusedValue extends GivenValue {
	readonly document: TextDocument;
	readonly message: string;
}

/** The texts in which the model's values are going to be; what is not there any more is somebody else's to notice. */
export async function documentsOfValues(chosen: readonly PlannedDependent[], changes: Changes): Promise<readonly TextDocument[]> {
	const paths = new Set(chosen.filter((dependent) => changes.valuesOf(dependent).size > 0).map(({ path }) => path));
	const open = (path: string) =>
		workspace.openTextDocument(uriOf(path)).then(
			(document) => [document],
			() => [],
		);
	return (await Promise.all([...paths].map(open))).flat();
}

/** What becomes of one of them with what is in it, which has to be what was planned for. */
export function givenText(document: TextDocument, own: readonly PlannedDependent[], changes: Changes): GivenText {
	const end = document.eol === EndOfLine.CRLF ? '\r\n' : '\n';
	const edits = own.flatMap((dependent) => changes.markedEditsOf(dependent));
	const marked = applyEdits(
		document.getText(),
		edits.map(({ range, newText }) => ({
			start: document.offsetAt(range.start),
			end: document.offsetAt(range.end),
			newText: newText.replaceAll(/\r?\n/g, end),
		})),
	);
	const values = new Map(own.flatMap((dependent) => [...changes.valuesOf(dependent)]));
	const owners = new Map(own.flatMap((dependent) => [...changes.valuesOf(dependent)].map(([id]) => [id, dependent] as const)));
	const { text, places } = placeValues(marked, values);
	const given = places.flatMap(({ hole: id, start, end: last }) => {
		const [dependent, hole] = [owners.get(id), changes.plan.holes.get(id)];
		return dependent && hole ? [{ dependent, hole, start, end: last }] : [];
	});
	return { document, text, values: given, errors: new Set(errorsIn(document.uri).map(({ message }) => message)) };
}

/** Those that a checker says are wrong. Where somebody typed meanwhile nothing is said of the text. */
export function refusedIn({ document, text, values, errors }: GivenText): readonly RefusedValue[] {
	if (document.isClosed || document.getText() !== text) return [];
	const found = errorsIn(document.uri).map(({ message, range }) => ({
		message,
		start: document.offsetAt(range.start),
		end: document.offsetAt(range.end),
	}));
	return values.flatMap((value) => {
		const error = found.find((one) => isWithin(one, value) || (!errors.has(one.message) && reaches(text, one, value)));
		return error ? [{ ...value, document, message: error.message }] : [];
	});
}

function errorsIn(uri: Uri): readonly Diagnostic[] {
	return problemsIn(uri).filter(({ severity }) => severity === DiagnosticSeverity.Error);
}

/** What others than we say of a text. */
export function problemsIn(uri: Uri): readonly Diagnostic[] {
	return languages.getDiagnostics(uri).filter(({ source }) => source !== problemSource);
}
