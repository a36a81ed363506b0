import { Document } from '../editor/document.ts';
import { isKey, type Trace, type TraceEvent } from './trace.ts';

/** Which part of a trace. */
export interface Slice {
	readonly keys: number;
	/** Longer pauses are made that long, in milliseconds. */
	readonly longestPause: number;
}

/** So many keys from the middle of a trace, with all that lies between them; times begin at 0. */
export function slice(trace: Trace, { keys, longestPause }: Slice): Trace {
	const all = trace.events.filter((event) => event.kind === 'edit' && isKey(event)).length;
	const first = Math.max(0, Math.floor(Math.min(all / 2, all - keys)));
	const before = new Opened();
	const events: TraceEvent[] = [];
	let passed = 0;
	for (const event of trace.events) {
		if (passed < first) before.take(event);
		else if (passed < first + keys) events.push(event);
		if (event.kind === 'edit' && isKey(event)) passed++;
	}
	return { name: trace.name, events: shortened([...before.events(events[0]?.at ?? 0), ...events], longestPause) };
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

function shortened(events: readonly TraceEvent[], longestPause: number): TraceEvent[] {
	let now = 0;
	let last = events[0]?.at ?? 0;
	return events.map((event) => {
		now += Math.min(longestPause, event.at - last);
		last = event.at;
		return { ...event, at: now };
	});
}
