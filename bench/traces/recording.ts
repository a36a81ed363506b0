import { readFile } from 'node:fs/promises';
import type { Trace, TraceEvent } from './trace.ts';

/** The lines of a `recording.w.json` that matter here: https://github.com/microsoft/vscode-copilot-chat, `workspaceLog.ts`. */
type Line = { readonly kind: string; readonly time: number; readonly id: number } & Partial<{
	readonly relativePath: string;
	readonly content: string;
	readonly contentId: string;
	/** Start and end before the edit, and the new text. */
	readonly edit: readonly [number, number, string][];
	readonly selection: readonly [number, number][];
}>;

/** The selection that an edit leads to is reported this much later, in milliseconds. */
const selectionAfter = 20;

/** Reads a recording of VS Code's own developers: milliseconds, several files, selections, focus. */
export async function readRecording(name: string, file: string): Promise<Trace> {
	const { log } = JSON.parse(await readFile(file, 'utf8')) as { log: Line[] };
	const start = log[0]?.time ?? 0;
	const files = new Map<number, RecordedFile>();
	const stored = new Map<string, string>();
	const events: TraceEvent[] = [];
	for (const [index, line] of log.entries()) {
		const at = line.time - start;
		const file = files.get(line.id);
		if (line.kind === 'documentEncountered') files.set(line.id, new RecordedFile(line.relativePath ?? ''));
		else if (!file) continue;
		else if (line.kind === 'setContent') events.push({ kind: 'open', at, path: file.path, text: file.set(line.content ?? '') });
		else if (line.kind === 'storeContent') stored.set(line.contentId ?? '', file.raw);
		else if (line.kind === 'restoreContent')
			events.push({ kind: 'open', at, path: file.path, text: file.set(stored.get(line.contentId ?? '') ?? '') });
		else if (line.kind === 'focused') events.push({ kind: 'show', at, path: file.path });
		else if (line.kind === 'changed') {
			const changes = file.change(line.edit ?? []);
			const last = changes.at(-1);
			if (!last) continue;
			const grown = changes.slice(0, -1).reduce((sum, { removed, text }) => sum + text.length - removed, 0);
			const cursor = selectedAfter(log, index) ?? file.raw.length;
			const isKnown = selectedAfter(log, index) !== undefined;
			events.push({
				kind: 'edit',
				at,
				path: file.path,
				changes,
				cursor: isKnown ? file.plain(cursor) : last.offset + grown + last.text.length,
			});
		} else if (line.kind === 'selectionChanged') {
			const [anchor, active] = line.selection?.[0] ?? [0, 0];
			events.push({ kind: 'move', at, path: file.path, anchor: file.plain(anchor), active: file.plain(active) });
		}
	}
	return { name, events };
}

/** Where the cursor was reported right after an edit. */
function selectedAfter(log: readonly Line[], index: number): number | undefined {
	const { time = 0, id } = log[index] ?? {};
	for (const line of log.slice(index + 1, index + 6)) {
		if (line.time - time > selectionAfter || (line.kind === 'changed' && line.id === id)) return undefined;
		if (line.kind === 'selectionChanged' && line.id === id) return line.selection?.[0]?.[1];
	}
	return undefined;
}

/** A recorded text with its own line ends, of which everybody else sees only `\n`. */
class RecordedFile {
	readonly path: string;
	raw = '';

	constructor(path: string) {
		this.path = `/${path.replaceAll('\\', '/')}`;
	}

	set(raw: string): string {
		this.raw = raw;
		return withoutReturns(raw);
	}

	change(edit: readonly [number, number, string][]) {
		const changes = edit.map(([start, end, text]) => ({
			offset: this.plain(start),
			removed: this.plain(end) - this.plain(start),
			text: withoutReturns(text),
		}));
		for (const [start, end, text] of edit.toReversed()) this.raw = this.raw.slice(0, start) + text + this.raw.slice(end);
		return changes;
	}

	/** An offset in the text with `\n` only. */
	plain(offset: number): number {
		return this.raw.includes('\r') ? withoutReturns(this.raw.slice(0, offset)).length : offset;
	}
}

function withoutReturns(text: string): string {
	return text.replaceAll('\r\n', '\n');
}
