import { Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, type Disposable, Location, languages } from 'vscode';
import type { PlannedChange, PlannedDependent } from '../../tracking/wire.ts';
import { type Changes, needing } from './changes.ts';
import { pathOf, rangeOf, uriOf } from './places.ts';

/** Whose problems they are, as the editor shows it. */
export const problemSource = 'Co-Clone';

/** The editor's other extensions wait while it takes them, so it gets some files at a time, and no more for so many milliseconds. */
const most = { files: 5, ms: 8 };

interface StaleCall {
	readonly dependent: PlannedDependent;
	readonly change: PlannedChange;
}

/**
 * A problem at each call that is not what its signature wants, so that they are seen, listed and gone through like any others. An error it
 * is for a checker to report; where none does, because the call still compiles and means something else, it is a warning.
 */
export class StaleCalls implements Disposable {
	readonly #shown = languages.createDiagnosticCollection('co-clone-signatures');
	readonly #listening: Disposable;
	/** With nothing at calls that are stale no more. */
	#pending: (readonly [path: string, calls: readonly StaleCall[]])[] = [];
	#next: NodeJS.Immediate | undefined;

	constructor(changes: Changes) {
		this.#listening = changes.onDidChange(() => {
			if (!changes.plan.isPartial) this.#show(callsByPath(changes.typed));
		});
	}

	dispose(): void {
		clearImmediate(this.#next);
		this.#listening.dispose();
		this.#shown.dispose();
	}

	#show(calls: ReadonlyMap<string, readonly StaleCall[]>) {
		const gone = [...this.#shown].map(([uri]) => pathOf(uri)).filter((path) => !calls.has(path));
		this.#pending = [...gone.map((path) => [path, []] as const), ...calls];
		clearImmediate(this.#next);
		this.#showSome();
	}

	#showSome() {
		for (const started = performance.now(); this.#pending.length > 0 && performance.now() - started < most.ms; ) {
			const some = this.#pending.splice(0, most.files);
			this.#shown.set(some.map(([path, calls]) => [uriOf(path), calls.length === 0 ? undefined : calls.map(problem)]));
		}
		if (this.#pending.length > 0) this.#next = setImmediate(() => this.#showSome());
	}
}

function callsByPath(changes: readonly PlannedChange[]): ReadonlyMap<string, readonly StaleCall[]> {
	const found = new Map<string, StaleCall[]>();
	for (const change of changes) {
		// A comment is nothing that anything calls.
		for (const dependent of needing(change).filter(({ kind }) => kind !== 'documentation')) {
			const own = found.get(dependent.path);
			if (own) own.push({ dependent, change });
			else found.set(dependent.path, [{ dependent, change }]);
		}
	}
	return found;
}

function problem({ dependent: { range, reason, isSilent }, change: { path, nameRange, before, after, name } }: StaleCall): Diagnostic {
	const severity = isSilent ? DiagnosticSeverity.Warning : DiagnosticSeverity.Information;
	const found = new Diagnostic(rangeOf(range), `${name} has another signature now. ${reason}`, severity);
	found.source = problemSource;
	found.code = 'signature';
	found.relatedInformation = [new DiagnosticRelatedInformation(new Location(uriOf(path), rangeOf(nameRange)), `${before} → ${after}`)];
	return found;
}
