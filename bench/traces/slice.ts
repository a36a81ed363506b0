import { Document } from '../editor/document.ts';
import { isKey, type Trace, type TraceEvent } from './trace.ts';

/** A pause in which nothing more can happen to the figures need not be waited for, in milliseconds. */
const longestPause = 10_000;

/** So many keys of a trace, with all that lies between them, from where `share` of its keys are done; times begin at 0. */
export function slice(trace: Trace, keys: number, share: number): Trace {
	const all = trace.events.filter((event) => event.kind === 'edit' && isKey(event)).length;
	const first = keys >= all ? 0 : Math.floor(Math.min(all * share, all - keys));
	const before = new Opened();
	const events: TraceEvent[] = [];
	let passed = 0;
	for (const event of trace.events) {
		if (passed < first) before.take(event);
		else if (passed < first + keys) events.push(event);
		if (event.kind === 'edit' && isKey(event)) passed++;
	}
	return { name: trace.name, events: withoutLongPauses([...before.events(events[0]?.at ?? 0), ...events]) };
}

/** What has to be open for a trace that begins in the middle. */
class Opened {
	readonly #documents = new Map<string, Document>();
	#last: { readonly path: string; readonly cursor: number } | undefined;

	take(event: TraceEvent): void {
		if (event.kind === 'open') this.#documents.set(event.path, new Document(event.path, event.text));
		else if (event.kind === 'edit') this.#documents.get(event.path)?.change(asChanges(event.changes));
		if (event.kind === 'show') this.#last = { path: event.path, cursor: 0 };
		else if (event.kind === 'edit') this.#last = { path: event.path, cursor: event.cursor };
		else if (event.kind === 'move') this.#last = { path: event.path, cursor: event.active };
	}

	events(at: number): TraceEvent[] {
		const opened = [...this.#documents].map(([path, { text }]) => ({ kind: 'open' as const, at, path, text }));
		if (!this.#last) return opened;
		const { path, cursor } = this.#last;
		return [...opened, { kind: 'show', at, path }, { kind: 'move', at, path, anchor: cursor, active: cursor }];
	}
}

export function asChanges(changes: readonly { offset: number; removed: number; text: string }[]) {
	return changes.map(({ offset, removed, text }) => ({ rangeOffset: offset, rangeLength: removed, text }));
}

function withoutLongPauses(events: readonly TraceEvent[]): TraceEvent[] {
	let now = 0;
	let last = events[0]?.at ?? 0;
	return events.map((event) => {
		now += Math.min(longestPause, event.at - last);
		last = event.at;
		return { ...event, at: now };
	});
}
