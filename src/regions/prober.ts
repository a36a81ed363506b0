import type { Candidate } from './candidate.ts';

/** Resolves where a region is well, and rejects where it is not. */
export type Probe<Region> = (region: Region, signal: AbortSignal) => Promise<void>;

/** A model may have to be loaded for it; a hung region is noticed earlier, by its connection. */
const longestProbeMs = 30_000;

/** Finds out whether regions that failed are well again, so that no request of a user has to. */
export class Prober<Region> {
	readonly #candidates: () => readonly Candidate<Region>[];
	readonly #probe: Probe<Region>;
	readonly #probing = new Set<Candidate<Region>>();

	constructor(candidates: () => readonly Candidate<Region>[], probe: Probe<Region>) {
		this.#candidates = candidates;
		this.#probe = probe;
	}

	/** Probes those that have been left alone for long enough. To be called often. */
	look(): void {
		for (const candidate of this.#candidates())
			if (candidate.breaker === 'half-open' && !this.#probing.has(candidate)) void this.#look(candidate);
	}

	async #look(candidate: Candidate<Region>): Promise<void> {
		this.#probing.add(candidate);
		try {
			await this.#probe(candidate.region, AbortSignal.timeout(longestProbeMs));
			candidate.probed(true);
		} catch {
			candidate.probed(false);
		} finally {
			this.#probing.delete(candidate);
		}
	}
}
