import { Document } from '../editor/document.ts';
import { asChanges } from '../traces/slice.ts';
import { type Edit, isKey, type Trace, type TraceEvent } from '../traces/trace.ts';

/**
 * What comes of the text around the cursor while somebody types on at one place: it begins `start` characters after the beginning of the
 * document, reaches up to `below` characters before its end, and is `text` when they leave. Nothing outside of it changes meanwhile.
 */
export interface Stay {
	readonly number: number;
	readonly path: string;
	readonly start: number;
	readonly below: number;
	readonly text: string;
}

/** For each event of a trace the stay that it belongs to. */
export function foresee({ events }: Trace): readonly (Stay | undefined)[] {
	const documents = new Map<string, Document>();
	const stays = new Array<Stay | undefined>(events.length);
	let current: Staying | undefined;
	const leave = (now: number) => {
		const stay = current?.end();
		if (current && stay) stays.fill(stay, current.number, now);
		current = undefined;
	};
	for (const [index, event] of events.entries()) {
		if (!current?.goesOn(event)) leave(index);
		const document = event.kind === 'open' ? new Document(event.path, event.text) : documents.get(event.path);
		if (!document) throw new Error(`${event.path} is used before it is opened.`);
		documents.set(event.path, document);
		if (!current && event.kind === 'edit' && isKey(event)) current = new Staying(index, document, cursorBefore(event));
		if (event.kind === 'edit') document.change(asChanges(event.changes));
		if (current && event.kind === 'edit') current.edited(event);
		current ??= new Staying(index, document, event.kind === 'edit' ? event.cursor : event.kind === 'move' ? event.active : 0);
	}
	leave(events.length);
	return stays;
}

/** How far from the cursor a key may act and still belong to the same stay: closers are typed over, line ends are crossed. */
const reach = 2;
/** Who removes more than a line begins something else. */
const mostReplaced = 120;

/** Also what is taken from a list or accepted was wanted here: one piece of text that takes the place of what is around the cursor. */
function isAt({ changes }: Edit, cursor: number): boolean {
	const [change, ...others] = changes;
	if (!change || others.length > 0 || change.removed > mostReplaced) return false;
	return change.offset - reach <= cursor && cursor <= change.offset + change.removed + reach;
}

function cursorBefore({ changes }: Edit): number {
	const [{ offset, removed } = { offset: 0, removed: 0 }] = changes;
	return offset + removed;
}

class Staying {
	/** Of the event that it begins with. */
	readonly number: number;
	readonly #document: Document;
	#cursor: number;
	#start: number;
	#below: number;

	constructor(number: number, document: Document, cursor: number) {
		this.number = number;
		this.#document = document;
		this.#cursor = cursor;
		this.#start = cursor;
		this.#below = document.text.length - cursor;
	}

	goesOn(event: TraceEvent): boolean {
		if (event.path !== this.#document.uri.path || event.kind === 'open' || event.kind === 'show') return false;
		if (event.kind === 'move') return event.anchor === event.active && Math.abs(event.active - this.#cursor) <= reach;
		return isAt(event, this.#cursor);
	}

	/** Called after the document has changed. */
	edited({ changes, cursor }: Edit): void {
		const [{ offset, text } = { offset: cursor, text: '' }] = changes;
		this.#start = Math.min(this.#start, offset);
		this.#below = Math.min(this.#below, this.#document.text.length - offset - text.length);
		this.#cursor = cursor;
	}

	end(): Stay {
		const { text, uri } = this.#document;
		const end = text.length - this.#below;
		return { number: this.number, path: uri.path, start: this.#start, below: this.#below, text: text.slice(this.#start, end) };
	}
}
