import type { ChooseContext } from '../completion/anchor.ts';
import type { CompletionRequest } from '../completion/completion.ts';
import type { Window } from '../completion/window.ts';
import { within } from '../std/within.ts';
import { choose, isStillGood } from './choose.ts';
import type { Context } from './context.ts';
import type { ContextSnippet } from './snippet.ts';

/** Where context is looked for. */
export interface Place {
	readonly request: CompletionRequest;
	/** The name of the workspace folder. */
	readonly repository: string;
	/** Relative to that folder, with `/`. */
	readonly path: string;
}

/** One way to find code that matters at a place. */
export interface Source<P extends Place = Place> {
	/** For the log. */
	readonly name: string;
	/** In milliseconds; what takes longer is done without. */
	readonly deadlineMs: number;
	/** `ms` is the time that it has; what it has found by then counts, if it says so in time. */
	find(place: P, ms: number, signal: AbortSignal): Promise<readonly ContextSnippet[]>;
}

interface Found {
	readonly place: Place;
	/** In the order of the sources. */
	readonly snippets: (readonly ContextSnippet[])[];
}

/** Files that somebody goes back and forth between. */
const mostPlaces = 10;
/** Of the text around the cursor, in characters: what a suggestion would be a repetition of. */
const near = { before: 1200, after: 400 };

/**
 * Looks for code that belongs to a place while nobody waits for it, and has at hand what was found. Every source has its own time: one that
 * never answers, or fails, costs nothing but what it would have found.
 */
export class ContextFinder<P extends Place = Place> {
	readonly #sources: readonly Source<P>[];
	readonly #failed: (source: string, error: unknown) => void;
	/** By the path of the request, from least to most recently looked for. */
	readonly #found = new Map<string, Found>();
	#looking: AbortController | undefined;

	constructor(sources: readonly Source<P>[], failed: (source: string, error: unknown) => void) {
		this.#sources = sources;
		this.#failed = failed;
	}

	/** Looks for what belongs to a place, and no longer for what belongs to another. Resolves when every source has answered or had its time. */
	async prepare(place: P, signal: AbortSignal): Promise<void> {
		this.#looking?.abort();
		const looking = new AbortController();
		this.#looking = looking;
		const either = AbortSignal.any([signal, looking.signal]);
		const found = this.#enter(place);
		const look = async (source: Source<P>, index: number) => {
			const snippets = await this.#ask(source, place, 1, either);
			// What was found there before is better than nothing.
			if (snippets) found.snippets[index] = snippets;
		};
		await Promise.all(this.#sources.map(look));
	}

	/** The same for somebody who waits for it: with so many times the patience, and nothing from before. */
	async gather(place: P, patience: number, signal: AbortSignal): Promise<ChooseContext> {
		const found = await Promise.all(this.#sources.map((source) => this.#ask(source, place, patience, signal)));
		const snippets = found.flatMap((some) => some ?? []);
		return (_, window, tokens) => contextOf(place, snippets, window, tokens);
	}

	/** What of that a prompt shows; never waits. */
	readonly choose: ChooseContext = (request, window, tokens, last) => {
		const found = this.#found.get(request.path);
		if (!found) return last;
		const context = contextOf(found.place, found.snippets.flat(), window, tokens);
		return last && last.path === context.path && isStillGood(last.snippets, context.snippets) ? last : context;
	};

	#enter(place: P): Found {
		const { path } = place.request;
		const found = { place, snippets: this.#found.get(path)?.snippets ?? [] };
		this.#found.delete(path);
		this.#found.set(path, found);
		for (const oldest of this.#found.keys()) {
			if (this.#found.size <= mostPlaces) break;
			this.#found.delete(oldest);
		}
		return found;
	}

	async #ask(source: Source<P>, place: P, patience: number, signal: AbortSignal): Promise<readonly ContextSnippet[] | undefined> {
		try {
			const ms = source.deadlineMs * patience;
			return await within(ms, (inTime) => source.find(place, ms, inTime), signal);
		} catch (error) {
			if (!signal.aborted) this.#failed(source.name, error);
			return undefined;
		}
	}
}

/** The best of what was found that a window does not show anyway. */
function contextOf(
	{ repository, path }: Place,
	found: readonly ContextSnippet[],
	{ before, typed, after }: Window,
	tokens: number,
): Context {
	const text = before + typed;
	const shown = { path, text: text + after, near: text.slice(-near.before) + after.slice(0, near.after) };
	return { repository, path, snippets: choose(found, shown, tokens) };
}
