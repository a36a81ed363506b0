import type { CompletionRequest } from './completion.ts';

/** What was typed last decides how long people usually wait after it. */
type Key = 'word' | 'space' | 'opener' | 'closer' | 'newline' | 'other' | 'deletion';

/** Upper ends of the classes of pauses, in milliseconds. */
const edges = [50, 100, 150, 200, 300, 400, 600, 800, 1200, 2000] as const;

/**
 * The share of pauses that outlast each edge, in 92 minutes of recorded typing (2,291 pauses; the same recording as the bench's).
 * Where everybody starts; what is learnt of the user outweighs it within minutes.
 */
const usual: Readonly<Record<Key, readonly number[]>> = {
	word: [0.84, 0.45, 0.25, 0.16, 0.11, 0.08, 0.06, 0.05, 0.04, 0.02],
	space: [0.97, 0.94, 0.74, 0.52, 0.34, 0.27, 0.16, 0.14, 0.1, 0.06],
	opener: [0.97, 0.84, 0.66, 0.53, 0.36, 0.31, 0.23, 0.19, 0.13, 0.09],
	closer: [0.96, 0.92, 0.92, 0.88, 0.88, 0.8, 0.68, 0.64, 0.56, 0.4],
	newline: [0.89, 0.88, 0.73, 0.59, 0.44, 0.38, 0.29, 0.26, 0.22, 0.15],
	other: [0.84, 0.69, 0.49, 0.31, 0.22, 0.18, 0.16, 0.09, 0.06, 0.04],
	deletion: [0.98, 0.98, 0.83, 0.61, 0.43, 0.38, 0.28, 0.26, 0.22, 0.17],
};
/** What the table counts for, in pauses of the user's own; and how many of those are remembered. */
const weightOfUsual = 30;
const mostRemembered = 300;
/** Answers that come faster than this are never waited for: the editor itself takes as long to ask. */
const instantMs = 50;
const longestPauseMs = 300;
const stepMs = 25;

/** How long to hold a request back, so that it is worth its while. Learns how this user types. */
export class Pace {
	readonly #pauses = new Map<Key, number[]>();
	#last: { readonly path: string; readonly prefix: string; readonly at: number; readonly key: Key } | undefined;

	/** Notes a keystroke. Questions at the same place are not one. */
	typed({ path, prefix }: CompletionRequest, now: number): void {
		const last = this.#last;
		if (last?.path === path && last.prefix === prefix) return;
		if (last?.path === path) this.#learn(last.key, now - last.at);
		const isDeletion = last?.path === path && last.prefix.startsWith(prefix);
		this.#last = { path, prefix, at: now, key: isDeletion ? 'deletion' : keyOf(prefix) };
	}

	/** The shortest time to wait after which the pause more likely than not goes on until an answer that takes `latencyMs` is there. */
	delayMs(latencyMs: number): number {
		if (latencyMs < instantMs || !this.#last) return 0;
		const { key } = this.#last;
		for (let delay = 0; delay < longestPauseMs; delay += stepMs) {
			if (this.#outlasting(key, delay + latencyMs) >= this.#outlasting(key, delay) / 2) return delay;
		}
		return longestPauseMs;
	}

	#learn(key: Key, pause: number): void {
		const pauses = [...(this.#pauses.get(key) ?? []), pause];
		this.#pauses.set(key, pauses.slice(-mostRemembered));
	}

	/** The share of pauses after a key that are longer than this. */
	#outlasting(key: Key, ms: number): number {
		const own = this.#pauses.get(key) ?? [];
		const longer = own.filter((pause) => pause > ms).length;
		return (longer + weightOfUsual * usually(key, ms)) / (own.length + weightOfUsual);
	}
}

function usually(key: Key, ms: number): number {
	const above = edges.findIndex((edge) => ms <= edge);
	if (above < 0) return ((usual[key].at(-1) ?? 0) * (edges[edges.length - 1] ?? 0)) / ms;
	const from = above === 0 ? { ms: 0, share: 1 } : { ms: edges[above - 1] ?? 0, share: usual[key][above - 1] ?? 0 };
	const to = { ms: edges[above] ?? ms, share: usual[key][above] ?? 0 };
	return from.share + ((to.share - from.share) * (ms - from.ms)) / (to.ms - from.ms);
}

function keyOf(prefix: string): Key {
	const character = prefix.at(-1) ?? '';
	if (character === '\n' || /\n[ \t]*$/.test(prefix.slice(-80))) return 'newline';
	if (/[\p{L}\p{N}_$]/u.test(character)) return 'word';
	if (/\s/.test(character)) return 'space';
	if (/[)\]};]/.test(character)) return 'closer';
	return /[([{.,=:<"'`]/.test(character) ? 'opener' : 'other';
}
