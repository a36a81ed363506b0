import type { Grammars } from '../grammar/grammars.ts';
import type { SignatureChange } from '../signature/diff.ts';
import type { Hole } from '../signature/hole.ts';
import { languageFor } from '../signature/languages/all.ts';
import { Outlines } from '../signature/outlines.ts';
import { positionsIn } from '../signature/text-edit.ts';
import { Breath } from '../std/breath.ts';
import { type Begun, readAhead } from './ahead.ts';
import { AskedHoles } from './asked-holes.ts';
import { checked } from './checked.ts';
import { DiskFiles, isSource } from './disk-files.ts';
import { Dismissed, dismissalOf } from './dismissed.ts';
import { OpenText } from './open-text.ts';
import { OpenTexts } from './open-texts.ts';
import { declarationsOf, OutsideChanges } from './outside.ts';
import { languageIds, Parsers, relatedIds } from './parsers.ts';
import { byRoot, chosenValue, type PendingChange, type Planned, planChanges } from './planning.ts';
import { ReferenceAnswers } from './reference-answers.ts';
import { scanFunctions } from './scan.ts';
import { Scanned } from './scanned.ts';
import { searchedFiles } from './searched.ts';
import type { TrackingOrder, TrackingReport, ValueChoice } from './wire.ts';

/** In milliseconds: who pauses so long has finished; what was not needed for so long is read again. */
const pause = { idle: 800, soon: 50, release: 120_000 };

/**
 * The signatures of a workspace and what depends on those that changed. It hears of everything that is typed, looks what became of a
 * signature when whoever edits it rests, and makes one plan for all changes, anew whenever a text is another.
 */
export class WorkspaceSignatures {
	readonly #report: (report: TrackingReport) => void;
	readonly #files = new DiskFiles((path) => isSource(path, languageIds));
	readonly #open = new OpenTexts(this.#files);
	readonly #parsers: Parsers;
	readonly #outlines = new Outlines();
	readonly #references = new ReferenceAnswers();
	readonly #values = new Map<string, Readonly<Record<string, ValueChoice>>>();
	readonly #dismissed: Dismissed;
	/** Texts from before the oldest change that is still to be done. */
	readonly #textsBefore = new Map<string, string>();
	readonly #applied = new Set<string>();
	readonly #scanned: Scanned;
	readonly #outside: OutsideChanges;
	readonly #asked: AskedHoles;
	#plans: readonly Planned[] = [];
	#timer: NodeJS.Timeout | undefined;
	#releasing: NodeJS.Timeout | undefined;
	#planning = new AbortController();
	#hadChanges = false;
	/** Of the next plan: a hole of one is never taken for one of another. */
	#firstHole = 0;

	constructor(grammars: Grammars, storage: string | undefined, report: (report: TrackingReport) => void) {
		this.#parsers = new Parsers(grammars);
		this.#report = report;
		this.#scanned = new Scanned(storage);
		this.#dismissed = new Dismissed(storage);
		const sources = {
			parser: (languageId: string) => this.#parsers.load(languageId),
			current: (path: string) => this.#open.get(path) ?? this.#files.file(path),
			all: () => this.#files.read(languageIds, new Breath(this.#planning.signal)),
		};
		this.#outside = new OutsideChanges(sources, this.#scanned);
		const { current } = sources;
		const mayShow = (path: string) => this.#files.mayShow(path);
		this.#asked = new AskedHoles({ current, parser: (languageId) => this.#parsers.get(languageId), mayShow });
	}

	async take(order: TrackingOrder): Promise<void> {
		if (order.kind === 'open') await this.#opened(order);
		else if (order.kind === 'edit') this.#edited(order);
		else if (order.kind === 'read') this.#wasRead(order.path);
		else if (order.kind === 'close') this.#open.close(order.path);
		else if (order.kind === 'rest') this.#rests(order.path, order.caret);
		else if (order.kind === 'scan') await this.#scan();
		else if (order.kind === 'ask') this.#report(this.#asked.ask(order, this.#plans));
		else if (order.kind === 'judge') this.#report(this.#asked.judge(order));
		else if (order.kind === 'check') this.#report(await checked(order, this.#parsers));
		else this.#learn(order);
	}

	/** Settles what is open, and plans. */
	async plan(): Promise<void> {
		this.#planning.abort();
		const planning = new AbortController();
		this.#planning = planning;
		try {
			await this.#plan(new Breath(planning.signal, (done, total) => this.#report({ kind: 'progress', done, total })));
		} catch (error) {
			if (!planning.signal.aborted) throw error;
		}
	}

	#learn(
		order: Exclude<TrackingOrder, { readonly kind: 'open' | 'edit' | 'read' | 'close' | 'rest' | 'scan' | 'ask' | 'judge' | 'check' }>,
	) {
		if (order.kind === 'folders') this.#files.setFolders(order.folders);
		if (order.kind === 'disk' && order.isOther) this.#files.forget();
		if (order.kind === 'disk') this.#open.checkClosed();
		if (order.kind === 'references') this.#references.take(order.change, order.places);
		if (order.kind === 'values') this.#values.set(order.change, order.values);
		if (order.kind === 'forget') this.#forget(order.change);
		if (order.kind === 'earlier') this.#outside.setRevision(order.texts);
		if (order.kind === 'applied') for (const { id } of this.#open.changes) this.#applied.add(id);
		// Whoever asks waits for an answer.
		if (order.kind === 'plan') this.#hadChanges = true;
		const isWorth = this.#hadChanges || order.kind !== 'disk' || !this.#scanned.isEmpty;
		if (isWorth) this.#planIn(order.kind === 'disk' ? pause.idle : pause.soon);
	}

	async #opened({ path, languageId, text }: Extract<TrackingOrder, { kind: 'open' }>) {
		const parse = await this.#parsers.load(languageId);
		const language = languageFor(languageId);
		if (!parse || !language) return;
		if (!this.#open.reopen(path, languageId, text)) this.#open.add(new OpenText({ path, languageId, text }, language, parse));
	}

	#edited({ path, edits, origin }: Extract<TrackingOrder, { kind: 'edit' }>) {
		const open = this.#open.get(path);
		if (!open) return;
		const { text } = open;
		open.isRead = false;
		const effect = open.tracker.take(edits, origin);
		if (effect === 'begun') this.#begun(open);
		if (effect === 'bulk' || origin === 'foreign') this.#outside.takeEdited({ path, languageId: open.languageId, text });
		if (origin === 'undone') for (const id of this.#applied) this.#open.mark(id, false);
		this.#planIn(pause.idle);
	}

	/** Another program did what seemed to be typed. */
	#wasRead(path: string) {
		const open = this.#open.get(path);
		const active = open?.tracker.active;
		if (!open || !active) return;
		this.#outside.takeEdited({ path, languageId: open.languageId, text: active.textBefore });
		open.tracker.forget(active.id);
		this.#planIn(pause.soon);
	}

	#begun({ path, languageId, text, tracker: { active } }: OpenText) {
		if (!active) return;
		void this.#readAhead({ path, languageId, name: active.name });
		for (const open of this.#open.all) if (!this.#textsBefore.has(open.path)) this.#textsBefore.set(open.path, open.text);
		this.#report({ kind: 'begun', change: `${path}#${active.id}`, path, at: positionsIn(text)(active.nameStart) });
	}

	#rests(path: string, caret: number | undefined) {
		const open = this.#open.get(path);
		if (!open) return;
		const isElsewhere = caret === undefined || (open.tracker.active !== undefined && !open.tracker.isInActive(caret));
		if (isElsewhere && (!open.isRead || caret === undefined)) this.#planIn(pause.soon);
		if (caret === undefined) this.#keep(open);
	}

	#planIn(ms: number) {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => {
			this.plan().catch((error: unknown) => this.#report({ kind: 'fault', message: String(error instanceof Error ? error.stack : error) }));
		}, ms);
	}

	async #plan(breath: Breath) {
		const started = performance.now();
		for (const open of this.#open.all) this.#settle(open);
		const typed = this.#typed();
		const outside = await this.#changedOutside(typed, breath);
		if (typed.length === 0 && outside.length === 0 && !this.#hadChanges) return;
		if (typed.length === 0) this.#textsBefore.clear();
		const batches = [...byRoot(this.#files, typed), ...byRoot(this.#files, outside)];
		const plans: Planned[] = [];
		let files = 0;
		for (const { root, changes } of batches) {
			const paths = new Set(changes.map(({ change }) => change.path));
			const ids = new Set(changes.flatMap(({ change }) => relatedIds(change.languageId)));
			for (const id of ids) await this.#parsers.load(id);
			const before = changes.some(({ origin }) => origin === 'typed') ? this.#textsBefore : this.#outside.texts;
			const searched = await searchedFiles(this.#files, this.#open, { languageIds: ids, paths, before }, breath);
			files = Math.max(files, searched.length);
			const firstHole = plans.flatMap(({ holes }) => holes).reduce((most, { id }) => Math.max(most, id + 1), this.#firstHole);
			const onEarly = (planned: Planned) => this.#tellPlan([...plans, planned], files, performance.now() - started, true);
			const parse = (id: string) => this.#parsers.get(id);
			plans.push(await planChanges({ root, changes, files: searched, parse, outlines: this.#outlines, firstHole, onEarly }, breath));
		}
		this.#publish(plans, files, performance.now() - started);
	}

	#publish(plans: readonly Planned[], files: number, ms: number) {
		const all = plans.flatMap(({ changes }) => changes);
		for (const { id, dependents } of all) {
			const isDone = this.#applied.has(id) && !dependents.some(({ edits }) => edits.length > 0);
			if (isDone) this.#open.mark(id, true);
		}
		for (const change of plans.flatMap(({ unsure }) => [...unsure])) this.#askAgain(change);
		this.#hadChanges = all.length > 0;
		this.#plans = plans;
		for (const plan of plans) this.#rememberBefore(plan);
		this.#tellPlan(plans, files, ms, false);
		this.#releaseLater();
	}

	#releaseLater() {
		clearTimeout(this.#releasing);
		this.#releasing = setTimeout(() => {
			this.#files.release();
			this.#outlines.release();
		}, pause.release).unref();
	}

	#tellPlan(plans: readonly Planned[], files: number, ms: number, isPartial: boolean) {
		const changes = plans.flatMap((plan) => plan.changes);
		const holes = new Map<number, Hole>(plans.flatMap((plan) => plan.holes.map((hole) => [hole.id, hole] as const)));
		const fingerprints = new Map(plans.flatMap((plan) => [...plan.fingerprints]));
		if (!isPartial) for (const id of holes.keys()) this.#firstHole = Math.max(this.#firstHole, id + 1);
		this.#report({ kind: 'plan', changes, holes, fingerprints, files, ms, isPartial });
	}

	/** What is edited soon: how it was tells afterwards what is up to date. */
	#rememberBefore({ changes, fingerprints }: Planned) {
		if (!changes.some(({ origin }) => origin === 'typed')) return;
		for (const path of fingerprints.keys()) {
			const text = this.#open.get(path)?.text ?? this.#files.file(path)?.text;
			if (text !== undefined && !this.#textsBefore.has(path)) this.#textsBefore.set(path, text);
		}
	}

	#settle(open: OpenText) {
		const hadActive = open.tracker.active !== undefined;
		open.settle();
		for (const { textBefore } of open.changes) if (!this.#textsBefore.has(open.path)) this.#textsBefore.set(open.path, textBefore);
		if (hadActive && open.tracker.active === undefined) this.#report({ kind: 'ended', path: open.path });
	}

	#typed(): PendingChange[] {
		const wanted = this.#open.changes.filter(({ isDone, change }) => !isDone && !this.#dismissed.has(dismissalOf(change)));
		return wanted.map(({ id, change }) => this.#pending(id, 'typed', change));
	}

	#pending(id: string, origin: PendingChange['origin'], change: SignatureChange): PendingChange {
		const valueFor = (parameter: string) => chosenValue(this.#values.get(id) ?? {}, parameter);
		return { id, origin, change, references: this.#references.of(id), valueFor };
	}

	async #changedOutside(typed: readonly PendingChange[], breath: Breath): Promise<readonly PendingChange[]> {
		const tracked = (path: string) => [
			...typed.map(({ change }) => change).filter((change) => change.path === path),
			...(this.#open.get(path)?.changes.map(({ change }) => change) ?? []),
		];
		const found = new Map((await this.#outside.find(tracked, breath)).map((change) => [dismissalOf(change), change]));
		return [...found].filter(([id]) => !this.#dismissed.has(id)).map(([id, change]) => this.#pending(id, 'outside', change));
	}

	async #readAhead(begun: Begun) {
		const { signal } = this.#planning;
		try {
			await readAhead(begun, { files: this.#files, parsers: this.#parsers, outlines: this.#outlines }, new Breath(signal));
		} catch (error) {
			if (!signal.aborted) this.#report({ kind: 'fault', message: String(error) });
		}
		this.#releaseLater();
	}

	#askAgain(change: string) {
		const after = this.#references.nextAsk(change);
		if (after === undefined) return;
		setTimeout(() => {
			const tracked = this.#open.find(change)?.change;
			const open = tracked && this.#open.get(tracked.path);
			if (!open || tracked.before.name !== tracked.after.name) return;
			const at = positionsIn(open.text)(tracked.after.nameRange.start);
			this.#report({ kind: 'begun', change, path: open.path, at });
		}, after).unref();
	}

	#forget(id: string) {
		const tracked = this.#open.find(id);
		this.#dismissed.add(tracked ? dismissalOf(tracked.change) : id);
		this.#open.forget(id);
	}

	/** What is saved with nothing left to do is how it should be. */
	#keep({ path, languageId, text, changes }: OpenText) {
		const parse = this.#parsers.get(languageId);
		if (this.#scanned.isEmpty || !parse || changes.some(({ isDone }) => !isDone)) return;
		this.#scanned.take(path, text, declarationsOf(languageId, text, parse));
		this.#scanned.save();
	}

	async #scan() {
		const started = performance.now();
		const breath = new Breath(new AbortController().signal, (done, total) => this.#report({ kind: 'progress', done, total }));
		this.#scanned.clear();
		const files = await this.#files.read(languageIds, breath);
		const functions = await scanFunctions(files, (languageId) => this.#parsers.load(languageId), this.#scanned, breath);
		this.#scanned.save();
		this.#report({ kind: 'functions', functions, files: files.length, ms: performance.now() - started });
	}
}
