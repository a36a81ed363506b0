import { Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, type Disposable, Location, languages, type Uri } from 'vscode';
import type { PlannedChange, PlannedDependent } from '../../tracking/wire.ts';
import { type Changes, needing } from './changes.ts';
import { pathOf, rangeOf, uriOf } from './places.ts';

/** Whose problems they are, as the editor shows it. */
export const problemSource = 'Co-Clone';

/** The editor stands still while it takes them, so it gets no more at once. */
const mostFiles = 25;

/**
 * A problem at each call that is not what its signature wants, so that they are seen, listed and gone through like any others. An error it
 * is for a checker to report; where none does, because the call still compiles and means something else, it is a warning.
 */
export class StaleCalls implements Disposable {
	readonly #shown = languages.createDiagnosticCollection('co-clone-signatures');
	readonly #listening: Disposable;
	#pending: [Uri, readonly Diagnostic[]][] = [];
	#next: NodeJS.Immediate | undefined;

	constructor(changes: Changes) {
		this.#listening = changes.onDidChange(() => {
			if (!changes.plan.isPartial) this.#show(problemsOf(changes.typed));
		});
	}

	dispose(): void {
		clearImmediate(this.#next);
		this.#listening.dispose();
		this.#shown.dispose();
	}

	#show(problems: ReadonlyMap<string, readonly Diagnostic[]>) {
		this.#pending = [...problems].map(([path, own]) => [uriOf(path), own]);
		const gone = [...this.#shown].map(([uri]) => uri).filter((uri) => !problems.has(pathOf(uri)));
		for (const uri of gone) this.#shown.delete(uri);
		clearImmediate(this.#next);
		this.#showSome();
	}

	#showSome() {
		this.#shown.set(this.#pending.splice(0, mostFiles));
		if (this.#pending.length > 0) this.#next = setImmediate(() => this.#showSome());
	}
}

function problemsOf(changes: readonly PlannedChange[]): ReadonlyMap<string, readonly Diagnostic[]> {
	const found = new Map<string, Diagnostic[]>();
	for (const change of changes) {
		// A comment is nothing that anything calls.
		for (const dependent of needing(change).filter(({ kind }) => kind !== 'documentation')) {
			const own = found.get(dependent.path);
			if (own) own.push(problem(dependent, change));
			else found.set(dependent.path, [problem(dependent, change)]);
		}
	}
	return found;
}

function problem({ range, reason, isSilent }: PlannedDependent, { path, nameRange, before, after, name }: PlannedChange): Diagnostic {
	const severity = isSilent ? DiagnosticSeverity.Warning : DiagnosticSeverity.Information;
	const found = new Diagnostic(rangeOf(range), `${name} has another signature now. ${reason}`, severity);
	found.source = problemSource;
	found.code = 'signature';
	found.relatedInformation = [new DiagnosticRelatedInformation(new Location(uriOf(path), rangeOf(nameRange)), `${before} → ${after}`)];
	return found;
}
