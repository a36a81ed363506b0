import type { Runtime } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import { basename } from 'node:path';

/** In milliseconds: the longest that the extension host did nothing else, with our code in it, and whoever it was for. */
export interface LongestStretches {
	readonly ours: number;
	/** The same without the time in which others had the processor: of each look at the host no more counts than is between two. */
	readonly oursRunning: number;
	/** The innermost of our functions in most of it. */
	readonly in: string;
	readonly anybodys: number;
	/** With our code in it, in all. */
	readonly allOfOurs: number;
}

interface Frame {
	readonly name: string;
	readonly url: string;
	readonly line: number;
}

/** In microseconds: how often the host is looked at. */
const interval = 1000;

/** Watches what this extension host is busy with, with the profiler of V8 in it. */
export class HostProfile {
	readonly #session = new Session();

	static async start(): Promise<HostProfile> {
		const profile = new HostProfile();
		profile.#session.connect();
		await profile.#session.post('Profiler.enable');
		await profile.#session.post('Profiler.setSamplingInterval', { interval });
		await profile.#session.post('Profiler.start');
		return profile;
	}

	/** @param bundles a part of the paths of our bundles */
	async end(bundles: string): Promise<LongestStretches> {
		const { profile } = await this.#session.post('Profiler.stop');
		this.#session.disconnect();
		const parents = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
		const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, frameOf(callFrame)]));
		const stackOf = (id: number | undefined): Frame[] => {
			const frame = id === undefined ? undefined : frames.get(id);
			return frame && id !== undefined ? [frame, ...stackOf(parents.get(id))] : [];
		};
		const stretch = new Stretches();
		for (const [index, id] of (profile.samples ?? []).entries()) {
			const stack = stackOf(id);
			const own = stack.find(({ url }) => url.includes(bundles));
			stretch.take(stack[0]?.name ?? '', own && nameOf(own), (profile.timeDeltas?.[index + 1] ?? 0) / 1000);
		}
		return stretch.longest;
	}
}

function frameOf({ functionName: name, url, lineNumber: line }: Runtime.CallFrame): Frame {
	return { name, url, line };
}

function nameOf({ name, url, line }: Frame): string {
	return `${name || 'a function'} in ${basename(url)}:${line + 1}`;
}

const native = ['(program)', '(garbage collector)'];

/** Native parts right before our functions and between them, such as reading a message, count as ours. */
class Stretches {
	#busy = 0;
	#native = 0;
	#ours = 0;
	#running = 0;
	readonly #in = new Map<string, number>();
	#longest: LongestStretches = { ours: 0, oursRunning: 0, in: '', anybodys: 0, allOfOurs: 0 };

	get longest(): LongestStretches {
		return this.#longest;
	}

	/** @param own the innermost of our functions that is under way */
	take(innermost: string, own: string | undefined, ms: number): void {
		this.#busy = innermost === '(idle)' ? 0 : this.#busy + ms;
		if (this.#busy > this.#longest.anybodys) this.#longest = { ...this.#longest, anybodys: this.#busy };
		if (own !== undefined) this.#takeOwn(own, ms);
		else if (native.includes(innermost)) this.#native += ms;
		else this.#end();
	}

	#takeOwn(own: string, ms: number) {
		this.#longest = { ...this.#longest, allOfOurs: this.#longest.allOfOurs + this.#native + ms };
		this.#ours += this.#native + ms;
		this.#running += Math.min(ms, interval / 1000);
		this.#native = 0;
		this.#in.set(own, (this.#in.get(own) ?? 0) + ms);
		const [most] = [...this.#in].toSorted(([, left], [, right]) => right - left);
		if (this.#running > this.#longest.oursRunning) this.#longest = { ...this.#longest, oursRunning: this.#running };
		if (this.#ours > this.#longest.ours) this.#longest = { ...this.#longest, ours: this.#ours, in: most?.[0] ?? '' };
	}

	#end() {
		this.#ours = 0;
		this.#running = 0;
		this.#native = 0;
		this.#in.clear();
	}
}
