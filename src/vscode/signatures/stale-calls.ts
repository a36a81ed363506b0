import { Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, type Disposable, Location, languages } from 'vscode';
import type { PlannedChange, PlannedDependent } from '../../tracking/wire.ts';
import { type Changes, needing } from './changes.ts';
import { rangeOf, uriOf } from './places.ts';

/** Whose problems they are, as the editor shows it. */
export const problemSource = 'Co-Clone';

/**
 * A problem at each call that is not what its signature wants, so that they are seen, listed and gone through like any others. An error it
 * is for a checker to report; where none does, because the call still compiles and means something else, it is a warning.
 */
export function markStaleCalls(changes: Changes): Disposable {
	const shown = languages.createDiagnosticCollection('co-clone-signatures');
	changes.onDidChange(() => {
		if (changes.plan.isPartial) return;
		const found = new Map<string, Diagnostic[]>();
		for (const change of changes.typed) {
			for (const dependent of needing(change)) {
				const own = found.get(dependent.path);
				if (own) own.push(problem(dependent, change));
				else found.set(dependent.path, [problem(dependent, change)]);
			}
		}
		shown.clear();
		shown.set([...found].map(([path, own]) => [uriOf(path), own]));
	});
	return shown;
}

function problem({ range, reason, isSilent }: PlannedDependent, { path, nameRange, before, after, name }: PlannedChange): Diagnostic {
	const severity = isSilent ? DiagnosticSeverity.Warning : DiagnosticSeverity.Information;
	const found = new Diagnostic(rangeOf(range), `${name} has another signature now. ${reason}`, severity);
	found.source = problemSource;
	found.code = 'signature';
	found.relatedInformation = [new DiagnosticRelatedInformation(new Location(uriOf(path), rangeOf(nameRange)), `${before} → ${after}`)];
	return found;
}
