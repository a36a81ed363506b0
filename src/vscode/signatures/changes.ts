import { EventEmitter, type Position, type Uri } from 'vscode';
import type { Verdict } from '../../holes/site.ts';
import { isCaller, needs } from '../../signature/count.ts';
import { fillHoles, type Hole, holesIn } from '../../signature/hole.ts';
import type { DependentClass } from '../../signature/language.ts';
import type { PlannedChange, PlannedDependent, TrackingPlan } from '../../tracking/wire.ts';
import { pathOf, rangeOf } from './places.ts';

/** A place to edit, and what it is to be. */
export interface ReadyEdit {
	readonly range: ReturnType<typeof rangeOf>;
	readonly newText: string;
}

const nothing: TrackingPlan = { changes: [], holes: new Map(), fingerprints: new Map(), files: 0, ms: 0, isPartial: false };

/** What is to be done now about signatures that changed, with what the user and the model decided about it. Everything that shows reads it. */
export class Changes {
	readonly #changed = new EventEmitter<void>();
	readonly onDidChange = this.#changed.event;
	readonly #ticks = new Map<string, boolean>();
	readonly #answers = new Map<string, Verdict>();
	#plan = nothing;

	get plan(): TrackingPlan {
		return this.#plan;
	}

	/** Those about which something is to be done. What nobody typed here is for the list only. */
	get all(): readonly PlannedChange[] {
		return this.#plan.changes.filter((change) => needing(change).length > 0);
	}

	get typed(): readonly PlannedChange[] {
		return this.all.filter(({ origin }) => origin === 'typed');
	}

	get isEmpty(): boolean {
		return this.all.length === 0;
	}

	find(id: unknown): PlannedChange | undefined {
		return this.all.find((change) => change.id === id);
	}

	/** The change of the function whose name is in that line. */
	declaredAt(uri: Uri, line: number): PlannedChange | undefined {
		const path = pathOf(uri);
		return this.typed.find((change) => change.path === path && change.nameRange.start.line === line);
	}

	/** The innermost, of those that are typed. */
	dependentAt(uri: Uri, position: Position): PlannedDependent | undefined {
		const path = pathOf(uri);
		const around = this.typed
			.flatMap(needing)
			.filter((dependent) => dependent.path === path && rangeOf(dependent.range).contains(position));
		return around.at(-1);
	}

	take(plan: TrackingPlan): void {
		this.#plan = plan;
		this.#changed.fire();
	}

	/** At once, without waiting for the next plan. */
	drop(id: string): void {
		this.take({ ...this.#plan, changes: this.#plan.changes.filter((change) => change.id !== id) });
	}

	/** What is certain is ticked unless somebody unticked it; the rest when somebody ticked it. */
	isTicked({ id, class: sure }: PlannedDependent): boolean {
		return this.#ticks.get(id) ?? sure === 'D';
	}

	tick({ id }: PlannedDependent, isTicked: boolean): void {
		this.#ticks.set(id, isTicked);
	}

	/** What the model says for the holes of a name in one place. */
	setAnswer({ id }: PlannedDependent, hole: string, verdict: Verdict): void {
		this.#answers.set(`${id} ${hole}`, verdict);
		this.#changed.fire();
	}

	/** Holes in the edits of a place that have no value yet. */
	openHolesOf({ id, edits }: PlannedDependent): readonly Hole[] {
		return this.#holesOf(edits).filter(({ name }) => this.#valueOf(id, name) === undefined);
	}

	/** Why something is to be done there, and what the model says to it. */
	reasonOf({ id, edits, reason }: PlannedDependent): string {
		const said = this.#holesOf(edits).map(({ name }) => {
			const answer = this.#answers.get(`${id} ${name}`);
			if (!answer) return '';
			return 'value' in answer ? `The model gives ${answer.value}.` : `The model gives no ${name}: ${answer.refusal}`;
		});
		return [reason, ...new Set(said)].filter(Boolean).join(' ');
	}

	/** With a visible placeholder where there is no value. */
	editsOf(dependent: PlannedDependent): readonly ReadyEdit[] {
		const values = this.valuesOf(dependent);
		return dependent.edits.map(({ range, newText }) => ({
			range: rangeOf(range),
			newText: fillHoles(newText, this.#plan.holes, values),
		}));
	}

	/** The same, but the model's values are marks still. */
	markedEditsOf(dependent: PlannedDependent): readonly ReadyEdit[] {
		const values = this.valuesOf(dependent);
		const open = new Map([...this.#plan.holes].filter(([id]) => !values.has(id)));
		return dependent.edits.map(({ range, newText }) => ({ range: rangeOf(range), newText: fillHoles(newText, open) }));
	}

	/** What the model gives for the holes of a place, by their numbers. */
	valuesOf({ id, edits }: PlannedDependent): ReadonlyMap<number, string> {
		const values = new Map<number, string>();
		for (const hole of this.#holesOf(edits)) {
			const value = this.#valueOf(id, hole.name);
			if (value !== undefined) values.set(hole.id, value);
		}
		return values;
	}

	dispose(): void {
		this.#changed.dispose();
	}

	#holesOf(edits: PlannedDependent['edits']): readonly Hole[] {
		return edits.flatMap(({ newText }) => holesIn(newText)).flatMap((hole) => this.#plan.holes.get(hole) ?? []);
	}

	#valueOf(id: string, hole: string): string | undefined {
		const answer = this.#answers.get(`${id} ${hole}`);
		return answer && 'value' in answer ? answer.value : undefined;
	}
}

/** Where something is to be done, or to be looked at. */
export function needing({ dependents }: PlannedChange): readonly PlannedDependent[] {
	return dependents.filter(needs);
}

/** Where only the name is the same, as far as anybody can tell. */
export function possible({ dependents }: PlannedChange): readonly PlannedDependent[] {
	return dependents.filter(({ kind }) => kind === 'possible');
}

export function editable(change: PlannedChange): readonly PlannedDependent[] {
	return change.dependents.filter(({ edits }) => edits.length > 0);
}

export function ofClass(dependents: readonly PlannedDependent[], sure: DependentClass): readonly PlannedDependent[] {
	return dependents.filter((dependent) => dependent.class === sure);
}

/** The number to show where there is room for one only: callers, or what else there is where nobody calls it. */
export function numberOf(dependents: readonly PlannedDependent[]): number {
	return dependents.filter(isCaller).length || dependents.length;
}
