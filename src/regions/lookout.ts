import type { Room } from '../gateway/wire-room.ts';
import type { Candidate } from './candidate.ts';
import type { Chronicle } from './chronicle.ts';
import type { Region } from './region.ts';

const everyMs = 2000;
/** An answer that takes longer is none. */
const lateMs = 2000;

/** What a region said when it was looked at last. */
interface Sight {
	/** Why it is not up; absent: it is. */
	readonly problem?: string;
	/** Absent where it does not say: gateways of an older version. */
	readonly room?: Room | undefined;
}

interface LookoutParts {
	readonly ask: (region: Region, signal: AbortSignal) => Promise<Room | undefined>;
	readonly candidates: () => readonly Candidate<Region>[];
	readonly chronicle: Chronicle;
}

/**
 * Looks at each region every other second, also while nobody asks anything of it: people want to know that one is down before somebody waits for
 * it. Where requests go is no concern of it; that they themselves tell.
 */
export class Lookout implements Disposable {
	readonly #parts: LookoutParts;
	readonly #sights = new Map<string, Sight>();
	readonly #closed = new Set<string>();
	readonly #looking = new Set<string>();
	readonly #timer: NodeJS.Timeout;

	constructor(parts: LookoutParts) {
		this.#parts = parts;
		this.#timer = setInterval(() => void this.look(), everyMs);
		this.#timer.unref();
		void this.look();
	}

	/** What is known of a region; undefined before it was looked at. */
	sight(region: string): Sight | undefined {
		return this.#sights.get(region);
	}

	/** Looks at all of them, now. */
	async look(): Promise<void> {
		const names = new Set(this.#parts.candidates().map(({ region }) => region.name));
		for (const name of this.#sights.keys()) if (!names.has(name)) this.#sights.delete(name);
		for (const candidate of this.#parts.candidates()) this.#lookAtBreaker(candidate);
		await Promise.all(this.#parts.candidates().map(({ region }) => this.#lookAt(region)));
	}

	[Symbol.dispose](): void {
		clearInterval(this.#timer);
	}

	async #lookAt(region: Region): Promise<void> {
		const { name } = region;
		if (this.#looking.has(name)) return;
		this.#looking.add(name);
		const late = AbortSignal.timeout(lateMs);
		const sight = await this.#parts.ask(region, late).then(
			(room): Sight => ({ room }),
			(error): Sight => ({ problem: late.aborted ? `It said nothing for ${lateMs / 1000} s.` : messageOf(error) }),
		);
		this.#looking.delete(name);
		const before = this.#sights.get(name);
		this.#sights.set(name, sight);
		if (sight.problem !== undefined && before?.problem === undefined) this.#parts.chronicle.note(name, `went down. ${sight.problem}`);
		if (sight.problem === undefined && before?.problem !== undefined) this.#parts.chronicle.note(name, 'came back.');
	}

	#lookAtBreaker({ region: { name }, isOpenForRequests }: Candidate<Region>): void {
		const was = this.#closed.has(name);
		if (isOpenForRequests && was) this.#parts.chronicle.note(name, 'gets requests again.');
		if (!isOpenForRequests && !was) this.#parts.chronicle.note(name, 'gets no requests for a while: it failed, or asked for it.');
		if (isOpenForRequests) this.#closed.delete(name);
		else this.#closed.add(name);
	}
}

/** Without the name of the region, which is said already. */
function messageOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	return error.cause instanceof Error ? error.cause.message : error.message;
}
