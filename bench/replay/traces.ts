import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readEditingTrace } from '../traces/editing-trace.ts';
import { readRecording } from '../traces/recording.ts';
import { type Slice, slice } from '../traces/slice.ts';
import type { Trace } from '../traces/trace.ts';

/** The recorded typing, by name: what it is and how it is read from the folder with all data. */
const sources: Readonly<Record<string, (data: string) => { readonly file: string; readonly read: (file: string) => Promise<Trace> }>> = {
	typescript: (data) => ({
		file: join(data, 'traces', 'EditSourceTracker.test1.recording.w.json'),
		read: (file) => readRecording('typescript', file),
	}),
	rust: (data) => ({
		file: join(data, 'traces', 'rustcode.json.gz'),
		read: (file) => readEditingTrace('rust', file, '/src/list.rs'),
	}),
	svelte: (data) => ({
		file: join(data, 'traces', 'sveltecomponent.json.gz'),
		read: (file) => readEditingTrace('svelte', file, '/src/App.svelte'),
	}),
};

export const traceNames = Object.keys(sources);

/** A part of each trace; those whose file is not there are left out. */
export async function readTraces(names: readonly string[], data: string, part: Slice): Promise<Trace[]> {
	const found = names.flatMap((name) => sources[name]?.(data) ?? []).filter(({ file }) => existsSync(file));
	return await Promise.all(found.map(async ({ file, read }) => slice(await read(file), part)));
}
