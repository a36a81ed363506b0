import type { Extension } from '@codemirror/state';
import { EditorView, type ViewUpdate } from '@codemirror/view';
import { languageOf } from '../completion/language.ts';
import type { Gateway, Place, Said, Used } from './gateway.ts';
import { type Ghost, ghostIn, restOf, setGhost } from './ghost.ts';
import type { Neighbours } from './neighbours.ts';
import { explain, isAbort } from './opening.ts';
import { around } from './surroundings.ts';

/** Where it is told how things go. */
export interface Teller {
	/** What shows, or that nothing does. */
	suggested(text: string | undefined): void;
	/** Why nothing does; asked for on demand, or just typed. */
	nothing(message: string, trigger: Place['trigger']): void;
	failed(message: string): void;
	/** Which code of other files the model was shown for an answer. */
	used(context: readonly Used[]): void;
}

/** One question, as long as it matters what is answered. */
interface Asked {
	readonly controller: AbortController;
	readonly origin: number;
	/** Whether something of it shows. */
	hasShown: boolean;
}

/**
 * Asks for what is typed, right at the key; when it is worth asking the model is decided by the gateway's engine, which knows how this user
 * types. A newer question replaces an older one there, so that what the model has under way is kept if it still fits; what is wanted by
 * nobody any more is aborted.
 */
export class Asking {
	readonly #gateway: Pick<Gateway, 'complete'>;
	readonly #teller: Teller;
	readonly #pathOf: () => string;
	readonly #neighbours: Pick<Neighbours, 'of'>;
	/** What was dismissed, by its place. */
	readonly #dismissed = new Map<string, string>();
	#asked: Asked | undefined;

	constructor(gateway: Pick<Gateway, 'complete'>, teller: Teller, pathOf: () => string, neighbours: Pick<Neighbours, 'of'>) {
		this.#gateway = gateway;
		this.#teller = teller;
		this.#pathOf = pathOf;
		this.#neighbours = neighbours;
	}

	/** For the editor. */
	get extension(): Extension {
		return [
			EditorView.updateListener.of((update) => this.#updated(update)),
			EditorView.domEventHandlers({ blur: (_event, view) => this.dismissIn(view, false) }),
		];
	}

	/** Asks on demand. */
	askHere(view: EditorView): boolean {
		this.#ask(view, 'manual');
		return true;
	}

	/** Takes away what shows, and stops what goes on. True when there was something. */
	dismissIn(view: EditorView, isUnwanted: boolean): boolean {
		const ghost = ghostIn(view.state);
		if (ghost && isUnwanted) this.#dismissed.set(this.#keyOf(this.#placeIn(view, 'automatic')), restOf(ghost));
		this.leave();
		if (!ghost) return false;
		view.dispatch({ effects: setGhost.of(undefined) });
		this.#teller.suggested(undefined);
		return true;
	}

	/** Nobody waits any more. */
	leave(): void {
		this.#asked?.controller.abort();
		this.#asked = undefined;
	}

	#updated({ view, state, startState, docChanged, selectionSet, transactions }: ViewUpdate): void {
		if (!docChanged && !selectionSet) return;
		// What is typed along a suggestion is answered already, and more of it may come.
		if (ghostIn(startState) && ghostIn(state)) return;
		if (ghostIn(startState)) this.#teller.suggested(undefined);
		const isTyped = transactions.some((one) => one.docChanged && (one.isUserEvent('input') || one.isUserEvent('delete')));
		const { main, ranges } = state.selection;
		if (isTyped && ranges.length === 1 && main.empty) this.#ask(view, 'automatic');
		else this.leave();
	}

	#ask(view: EditorView, trigger: Place['trigger']): void {
		const older = this.#asked;
		const asked: Asked = { controller: new AbortController(), origin: view.state.selection.main.head, hasShown: false };
		this.#asked = asked;
		void this.#answer(view, asked, this.#placeIn(view, trigger))
			.catch((error) => {
				if (!isAbort(error) && this.#asked === asked) this.#teller.failed(explain(error));
			})
			// Before that it would end what both of them wait for.
			.finally(() => older?.controller.abort());
	}

	async #answer(view: EditorView, asked: Asked, place: Place): Promise<void> {
		const surrounded = { ...place, context: this.#neighbours.of(place) };
		for await (const said of this.#gateway.complete(surrounded, asked.controller.signal)) {
			if (this.#asked !== asked) return;
			// An older question came there later.
			if (said.kind === 'nothing' && said.reason === 'superseded') return this.#ask(view, place.trigger);
			this.#show(view, asked, place, said);
		}
	}

	#show(view: EditorView, asked: Asked, place: Place, said: Said): void {
		if (said.kind === 'end') {
			if (said.context && asked.hasShown) this.#teller.used(said.context);
			return;
		}
		if (said.kind === 'nothing') {
			if (!asked.hasShown) this.#teller.nothing(said.message, place.trigger);
			return;
		}
		if (place.trigger === 'automatic' && this.#dismissed.get(this.#keyOf(place)) === said.text) return;
		const ghost: Ghost = { origin: asked.origin, text: said.text, typed: 0, replaces: said.replaces };
		const shows = ghostIn(view.state);
		// What shows may only grow, however much of it was typed meanwhile.
		if (asked.hasShown) {
			if (!shows || !said.text.startsWith(shows.text) || shows.origin !== ghost.origin) return;
			view.dispatch({ effects: setGhost.of({ ...ghost, typed: shows.typed }) });
		} else view.dispatch({ effects: setGhost.of(ghost) });
		asked.hasShown = true;
		this.#teller.suggested(said.text);
	}

	#placeIn({ state }: EditorView, trigger: Place['trigger']): Place {
		const path = this.#pathOf();
		return { path, languageId: languageOf(path), trigger, ...around(state.doc, state.selection.main.head) };
	}

	#keyOf({ path, prefix }: Place): string {
		return `${path}\n${prefix.slice(-500)}`;
	}
}
