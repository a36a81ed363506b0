import process from 'node:process';
import { withOllama } from '../policies/co-clone.ts';
import { simulate } from '../replay/session.ts';
import { readTraces } from '../replay/traces.ts';
import { readTokenizer } from '../replay/vocabulary.ts';
import { foresee } from '../server/foresight.ts';
import { foresight, Oracle } from '../server/oracle.ts';
import { profiles } from '../server/profile.ts';

const rounds = 4;
const part = { keys: 1500, longestPause: 10_000 };

/**
 * By how many bytes the extension grows while somebody types the same thing again and again: from the second round, when all that it
 * remembers is full, to the last. Undefined without the recorded typing.
 */
export async function growth(data: string): Promise<number | undefined> {
	const tokenizer = await readTokenizer(data);
	const [trace] = await readTraces(['typescript'], data, part);
	const [profile] = profiles.slice(-1);
	if (!tokenizer || !trace || !profile) return undefined;
	const sizes: number[] = [];
	const passed = (index: number) => {
		if (index < trace.events.length - 1) return;
		global.gc?.();
		sizes.push(process.memoryUsage().heapUsed);
	};
	const oracle = new Oracle({ ...foresight, seed: '1' });
	await simulate({ trace, stays: foresee(trace), oracle, profile, policy: withOllama, tokenizer, rounds, passed });
	return (sizes.at(-1) ?? 0) - (sizes[1] ?? 0);
}
