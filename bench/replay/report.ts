import { figure, table } from '../table.ts';
import type { Row, Verdict } from './targets.ts';

const columns: readonly (readonly [title: string, cell: (row: Row) => string])[] = [
	['policy', ({ policy }) => policy],
	['p50', ({ keyToGhost }) => figure(keyToGhost.p50)],
	['p75', ({ keyToGhost }) => figure(keyToGhost.p75)],
	['p95', ({ keyToGhost }) => figure(keyToGhost.p95)],
	['served', ({ served }) => figure(served, 1)],
	['new', ({ servedFresh }) => figure(servedFresh, 1)],
	['rests', ({ servedRests }) => figure(servedRests)],
	['rest p50', ({ restToGhost }) => figure(restToGhost.p50)],
	['shown', ({ shown }) => figure(shown)],
	['requests', ({ requests }) => figure(requests, 1)],
	['warm-ups', ({ warmUps }) => figure(warmUps, 1)],
	['aborted %', ({ aborted }) => figure(aborted)],
	['prompt tokens', ({ evaluated }) => figure(evaluated)],
	['for warm-up', ({ warmUpTokens }) => figure(warmUpTokens)],
	['KV hit %', ({ kvHit }) => figure(kvHit, 1)],
	['uncached', ({ uncached }) => figure(uncached)],
	['decoded', ({ decodedPerShown }) => figure(decodedPerShown, 1)],
	['flicker', ({ flicker }) => figure(flicker)],
	['stale', ({ stale }) => figure(stale)],
	['failed', ({ failed }) => figure(failed)],
];

const legend = `p50, p75, p95: milliseconds from a key to a text that newly appears. Served: keys of 100 after which a text stood there before the next
thing was done; new: those of them where it newly appeared. Rests: of 100 keys after which nothing was done for a second, those after which
a text stood there; rest p50: from the key to that text, ∞ where most had none. Shown: texts that appeared. Requests, warm-ups, prompt
tokens: per 100 keys; prompt tokens are those that were evaluated, and for warm-up is the part of them that was evaluated ahead. KV hit: share of the prompt tokens that need not be evaluated. Uncached:
evaluated tokens per request. Decoded: tokens per text that appeared. Flicker: texts that changed or went within 500 ms although nothing was
typed against them. Stale: texts that did not belong where they appeared. Failed: requests that the server did not answer.`;

/** The tables for people: a session each, then the targets. */
export function replayReport(rows: readonly Row[], verdicts: readonly Verdict[]): string {
	const sessions = new Map<string, Row[]>();
	for (const row of rows) {
		const name = `${row.trace}, ${row.profile} (${row.keys} keys)`;
		sessions.set(name, [...(sessions.get(name) ?? []), row]);
	}
	const head = columns.map(([title]) => title);
	const parts = [...sessions].map(
		([name, found]) =>
			`## ${name}\n\n${table(
				head,
				found.map((row) => columns.map(([, cell]) => cell(row))),
			)}`,
	);
	const judged = [...new Set(verdicts.map(({ policy }) => policy))];
	const targets = judged.map((name) => `## Targets: ${name}\n\n${targetTable(verdicts.filter(({ policy }) => policy === name))}`);
	return [...parts, legend, ...targets].join('\n\n');
}

/** A line per target, a column per session. */
function targetTable(verdicts: readonly Verdict[]): string {
	const sessionOf = ({ trace, profile }: Verdict) => `${trace} ${profile}`;
	const sessions = [...new Set(verdicts.map(sessionOf))];
	const rows = [...new Set(verdicts.map(({ target }) => target))].map((name) => {
		const found = sessions.map((session) => verdicts.find((verdict) => verdict.target === name && sessionOf(verdict) === session));
		return [
			name,
			...found.map((verdict) => (verdict ? `${figure(verdict.value, 2)} ${verdict.limit} ${verdict.isMet ? 'pass' : 'MISS'}` : '')),
		];
	});
	return table(['target', ...sessions], rows);
}
