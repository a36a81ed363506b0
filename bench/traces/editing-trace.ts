import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { gapAfter, pauseOf } from './rhythm.ts';
import { type Edit, isKey, type Trace, type TraceEvent } from './trace.ts';

type Patch = readonly [offset: number, removed: number, text: string];

/**
 * Reads a trace of https://github.com/josephg/editing-traces: one long file, edits only. Its clock knows whole seconds, so the times are
 * those of other people's typing (`rhythm.ts`), and the cursor goes where the next edit is.
 */
export async function readEditingTrace(name: string, file: string, path: string): Promise<Trace> {
	const trace = JSON.parse(gunzipSync(await readFile(file)).toString('utf8'));
	const { startContent, txns } = trace as { startContent: string; txns: { patches: Patch[] }[] };
	const events: TraceEvent[] = [
		{ kind: 'open', at: 0, path, text: startContent },
		{ kind: 'show', at: 0, path },
	];
	let at = 1000;
	let cursor = 0;
	for (const [index, [offset, removed, text]] of txns.flatMap(({ patches }) => patches).entries()) {
		const seed = `${name} ${index}`;
		if (offset !== cursor && offset + removed !== cursor) {
			at += pauseOf(`jump ${seed}`);
			events.push({ kind: 'move', at, path, anchor: offset + removed, active: offset + removed });
			at += pauseOf(`look ${seed}`);
		}
		cursor = offset + text.length;
		const edit: Edit = { kind: 'edit', at, path, changes: [{ offset, removed, text }], cursor };
		events.push(edit);
		at += isKey(edit) ? gapAfter(text, text === '', seed) : pauseOf(seed);
	}
	return { name, events };
}
