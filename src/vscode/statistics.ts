import type { Disposable, Memento, Position, TextDocument, TextDocumentChangeEvent } from 'vscode';
import type { Outcome } from '../completion/completion.ts';
import { type MeasuredSpeed, measuredSpeed } from '../completion/figures.ts';
import type { ModelUse } from '../completion/observed-model.ts';
import { type Change, insertedSpan } from '../completion/span.ts';
import { counted, dayOf, noStatistics, readStatistics, type Statistics, together } from '../completion/statistics.ts';
import { isAnswered, type Later, ofAcceptance, ofLaterLook, ofOutcome, ofUse, type Tally } from '../completion/tally.ts';
import { noUsage } from '../model/language-model.ts';
import { AcceptedParts } from './accepted-parts.ts';
import { AcceptedTexts } from './accepted-texts.ts';
import type { Entry } from './journal.ts';
import { typedPosition } from './typed-position.ts';

const key = 'statistics';
/** What happens within this time is written at once. */
const writeAfterMs = 5000;
/** The editor keeps few suggestions at a time; older ones cannot be accepted any more. */
const mostShown = 100;

interface Clock {
	/** Milliseconds. */
	readonly now: () => number;
	readonly date: () => Date;
}

interface Shown {
	readonly uri: string;
	readonly languageId: string;
	readonly model: string;
	readonly characters: number;
	/** The same for what is left of an answer. */
	readonly usage: object;
}

/**
 * Keeps the books: counts what becomes of suggestions, on this machine only. What is written are numbers, never text. VS Code tells
 * extensions neither that a suggestion was painted nor that a part of it was accepted: what was returned while it was still wanted
 * counts as shown, and parts are told from the edits.
 */
export class Bookkeeper implements Disposable {
	readonly #state: Memento;
	readonly #clock: Clock;
	readonly #acceptedTexts = new AcceptedTexts();
	readonly #acceptedParts = new AcceptedParts();
	/** Answers of which a part was accepted. */
	readonly #partly = new WeakSet<object>();
	readonly #listeners = new Set<() => void>();
	readonly #acceptances: (() => void)[] = [];
	/** What has happened since the books were last written. Other windows write to the same ones. */
	#unwritten: Statistics | undefined;
	#writing: NodeJS.Timeout | undefined;
	/** Answers that were used before. The token counts of an answer are one object for as long as it is remembered. */
	readonly #used = new WeakSet<object>();
	#lastShown: { readonly uri: string; readonly usage: object; readonly text: string } | undefined;
	readonly #shown = new Map<number, Shown>();
	#lastKey: { readonly place: string; readonly at: number } | undefined;
	#lastEdit: { readonly document: TextDocument; readonly changes: readonly Change[] } | undefined;

	constructor(state: Memento, clock: Clock = { now: () => performance.now(), date: () => new Date() }) {
		this.#state = state;
		this.#clock = clock;
	}

	get statistics(): Statistics {
		const stored = readStatistics(this.#state.get(key)) ?? noStatistics(this.today);
		return this.#unwritten ? together(stored, this.#unwritten) : stored;
	}

	/** How fast a model has been here. */
	speedOf(model: string): MeasuredSpeed {
		return measuredSpeed(this.statistics, model);
	}

	get today(): string {
		return dayOf(this.#clock.date());
	}

	/** Call when a model is asked, and what it returns when that request is over. */
	asked(languageId: string): (use: ModelUse) => void {
		return (use) => this.#count(languageId, use.model, ofUse(use));
	}

	/** A question of the editor was answered. */
	record({ document, position, request: { languageId }, outcome, shown, alternatives = [] }: Entry): void {
		const { model = '', usage, completion } = outcome;
		if (!isAnswered(outcome)) return;
		const uri = document.uri.toString();
		// What stands elsewhere in the text no model had to be asked for.
		const isRemembered = usage === noUsage || this.#used.has(usage);
		this.#used.add(usage);
		const isSame = this.#isLastShown(uri, outcome);
		const keyMs = shown === undefined ? undefined : this.#sinceKey(placeOf(uri, position));
		this.#count(languageId, model, ofOutcome(outcome, { isShown: shown !== undefined && !isSame, isRemembered, keyMs }));
		if (shown === undefined || !completion) return;
		this.#lastShown = { uri, usage, text: completion.text };
		const offers = [{ outcome, shown }, ...alternatives].flatMap((offer) => this.#offered(uri, languageId, offer));
		this.#acceptedParts.offered(placeOf(uri, position), offers);
	}

	/** Whether it is what is left of the one that was shown last. */
	#isLastShown(uri: string, { usage, completion }: Outcome): boolean {
		const last = this.#lastShown;
		if (last?.uri !== uri || last.usage !== usage) return false;
		return usage !== noUsage || last.text.endsWith(completion?.text ?? '');
	}

	/** Call for every change of every document. */
	changed(event: TextDocumentChangeEvent): void {
		const { document, contentChanges } = event;
		// Our own log is a document, too.
		if (contentChanges.length === 0 || document.uri.scheme === 'output') return;
		const changes = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
			offset: rangeOffset,
			removed: rangeLength,
			inserted: text.length,
		}));
		this.#acceptedTexts.changed(document, changes);
		this.#lastEdit = { document, changes };
		const position = typedPosition(event);
		this.#countPart(event, position);
		this.#lastKey = position && { place: placeOf(document.uri.toString(), position), at: this.#clock.now() };
	}

	closed(document: TextDocument): void {
		this.#acceptedTexts.closed(document);
	}

	/** Called whenever a suggestion, or a part of one, was accepted. */
	onAccept(listener: () => void): void {
		this.#acceptances.push(listener);
	}

	/** The editor runs this right after its edit. */
	accepted(shown: number): void {
		this.#tellOfAcceptance();
		const known = this.#shown.get(shown);
		if (!known) return;
		const { uri, languageId, model, characters, usage } = known;
		this.#shown.delete(shown);
		const { document, changes = [] } = this.#lastEdit?.document.uri.toString() === uri ? this.#lastEdit : {};
		const span = insertedSpan(changes);
		const growth = changes.reduce((sum, { inserted, removed }) => sum + inserted - removed, 0);
		this.#count(languageId, model, ofAcceptance(span ? growth : characters, this.#partly.has(usage) ? 'rest' : 'whole'));
		const seen = (later: Later, isKept: boolean) => this.#count(languageId, model, ofLaterLook(later, isKept));
		if (document && span) this.#acceptedTexts.follow(document, span, seen);
	}

	/** Calls a listener whenever something is counted, until the result is called. */
	onChange(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	async reset(): Promise<void> {
		clearTimeout(this.#writing);
		this.#unwritten = undefined;
		await this.#state.update(key, undefined);
		this.#tell();
	}

	/** Writes now what would be written in a while. */
	async write(): Promise<void> {
		clearTimeout(this.#writing);
		if (!this.#unwritten) return;
		const { statistics } = this;
		this.#unwritten = undefined;
		await this.#state.update(key, statistics);
	}

	dispose(): void {
		this.#acceptedTexts.dispose();
		void this.write();
	}

	#count(languageId: string, model: string, tally: Tally): void {
		if (!this.#unwritten) this.#writing = setTimeout(() => void this.write(), writeAfterMs);
		const { today } = this;
		this.#unwritten = counted(this.#unwritten ?? noStatistics(today), { day: today, languageId, model }, tally);
		this.#tell();
	}

	#tell(): void {
		for (const listener of this.#listeners) listener();
	}

	#tellOfAcceptance(): void {
		for (const listener of this.#acceptances) listener();
	}

	/** Something that the editor was given, to be known again when it is accepted. */
	#offered(uri: string, languageId: string, { outcome, shown }: { outcome: Outcome; shown?: number | undefined }) {
		const { completion, model = '', usage } = outcome;
		if (!completion || shown === undefined) return [];
		this.#used.add(usage);
		this.#shown.set(shown, { uri, languageId, model, characters: completion.text.length, usage });
		const [oldest = shown] = this.#shown.keys();
		if (this.#shown.size > mostShown) this.#shown.delete(oldest);
		return [{ shown, text: completion.text }];
	}

	#countPart({ document, contentChanges: [change] }: TextDocumentChangeEvent, after: Position | undefined): void {
		if (!change || !after || change.rangeLength > 0) return;
		const uri = document.uri.toString();
		const text = change.text.replaceAll('\r\n', '\n');
		const part = this.#acceptedParts.inserted(placeOf(uri, document.positionAt(change.rangeOffset)), text, placeOf(uri, after));
		const known = part === undefined ? undefined : this.#shown.get(part);
		if (!known) return;
		this.#tellOfAcceptance();
		this.#count(known.languageId, known.model, ofAcceptance(text.length, this.#partly.has(known.usage) ? 'rest' : 'part'));
		this.#partly.add(known.usage);
	}

	/** How long ago the key was pressed that led to this place. Each key counts once, when a suggestion first shows for it. */
	#sinceKey(place: string): number | undefined {
		if (this.#lastKey?.place !== place) return undefined;
		const { at } = this.#lastKey;
		this.#lastKey = undefined;
		return this.#clock.now() - at;
	}
}

function placeOf(uri: string, { line, character }: Position): string {
	return `${uri}:${line}:${character}`;
}
