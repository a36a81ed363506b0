import assert from 'node:assert/strict';
import { InlineCompletionItem, languages } from 'vscode';
import { VirtualClock } from '../../bench/clock.ts';
import { policies } from '../../bench/policies/policies.ts';
import type { Policy } from '../../bench/policies/policy.ts';
import { type Figures, Meter } from '../../bench/replay/meter.ts';
import { play, simulate } from '../../bench/replay/session.ts';
import { foresee } from '../../bench/server/foresight.ts';
import { Oracle } from '../../bench/server/oracle.ts';
import { profiles } from '../../bench/server/profile.ts';
import { gapAfter } from '../../bench/traces/rhythm.ts';
import type { Trace, TraceEvent } from '../../bench/traces/trace.ts';

const path = '/a.ts';

/** Somebody types a text into an empty file, a key each; the first at 1,000 ms. */
function typing(text: string, gap: (index: number) => number): Trace {
	const events: TraceEvent[] = [
		{ kind: 'open', at: 0, path, text: '' },
		{ kind: 'show', at: 0, path },
	];
	let at = 1000;
	for (const [offset, letter] of [...text].entries()) {
		events.push({ kind: 'edit', at, path, changes: [{ offset, removed: 0, text: letter }], cursor: offset + 1 });
		at += gap(offset);
	}
	return { name: 'typing', events };
}

/** What is seen of a provider that says so much so long after it is asked, by the text before the cursor. */
async function watch(trace: Trace, answers: Readonly<Record<string, readonly [ms: number, text: string]>>): Promise<Figures> {
	const clock = new VirtualClock();
	const meter = new Meter(
		() => clock.now(),
		({ text }) => !text.includes('?'),
	);
	const provider = languages.registerInlineCompletionItemProvider('*', {
		async provideInlineCompletionItems(document, position) {
			const [ms, text] = answers[document.getText().slice(0, document.offsetAt(position))] ?? [0, ''];
			await new Promise((resolve) => setTimeout(resolve, ms));
			return text === '' ? [] : [new InlineCompletionItem(text)];
		},
	});
	try {
		await play(trace, clock, meter, () => {});
		return meter.figures([]);
	} finally {
		provider.dispose();
		clock.close();
	}
}

describe('the replay', () => {
	const table: readonly [what: string, typed: string, answers: Parameters<typeof watch>[1], figures: Partial<Figures>][] = [
		[
			'50 ms after a key the editor asks',
			'ab',
			{ ab: [30, 'cd'] },
			{ keys: 2, served: 50, servedFresh: 50, shown: 1, keyToGhost: { p50: 80, p75: 80, p95: 80 } },
		],
		['what comes after the next key does not show', 'ab', { a: [200, 'bc'] }, { served: 0, shown: 0 }],
		[
			'what is typed through stays, and is one text',
			'abc',
			{ a: [10, 'bcd'], ab: [10, 'cd'], abc: [10, 'd'] },
			{ served: 100, servedFresh: 100 / 3, shown: 1, flicker: 0 },
		],
		['what is typed against goes', 'ax', { a: [10, 'bc'] }, { served: 50, shown: 1, flicker: 0 }],
		['another text in its place flickers', 'ab', { a: [10, 'bcd'], ab: [10, 'xy'] }, { shown: 2, flicker: 1 }],
		['a text that is taken away flickers', 'ab', { a: [10, 'bcd'] }, { shown: 1, flicker: 1 }],
		['a text that grows does not', 'ab', { a: [10, 'bc'], ab: [10, 'cde'] }, { shown: 1, flicker: 0 }],
		['a text that belongs elsewhere is counted', 'ab', { a: [10, '?'], ab: [10, 'c'] }, { shown: 2, stale: 1 }],
		[
			'who rests and sees nothing waits for ever',
			'ab',
			{ a: [10, 'bc'], ab: [10, ''] },
			{ servedRests: 100, restToGhost: { p50: 0, p75: 0, p95: 0 } },
		],
	];
	for (const [what, typed, answers, expected] of table) {
		it(what, async () => {
			const figures = await watch(
				typing(typed, () => 150),
				answers,
			);
			const found = Object.fromEntries(Object.keys(expected).map((key) => [key, figures[key as keyof Figures]]));
			assert.deepEqual(found, expected);
		});
	}

	const text = 'const total = add(first, second);\nreturn total;\n';
	const trace = typing(text, (index) => gapAfter(text[index] ?? '', false, `key ${index}`));
	const letters = {
		encode: (prompt: string) => [...prompt].map((letter) => letter.charCodeAt(0)),
		decode: (tokens: readonly number[]) => String.fromCharCode(...tokens),
	};
	const desktop = profiles.filter(({ name }) => name === 'desktop');
	const run = async (policy: Policy, knows = 0.8) => {
		const figures: Figures[] = [];
		for (const profile of desktop) {
			const oracle = new Oracle({ knows, silent: 0.5, seed: '1' });
			figures.push(await simulate({ trace, stays: foresee(trace), oracle, profile, policy, tokenizer: letters }));
		}
		return figures;
	};

	for (const policy of policies) {
		it(`${policy.name}: the same session gives the same figures`, async () => {
			const figures = await run(policy);
			assert.equal(JSON.stringify(await run(policy)), JSON.stringify(figures));
			const seen = figures.map(({ keys, shown, stale }) => ({ keys, isShown: shown > 0, stale }));
			assert.deepEqual(seen, [{ keys: text.length, isShown: true, stale: 0 }]);
		});
	}

	it('the more the model knows, the more is typed through', async () => {
		const [first] = policies;
		assert.ok(first);
		const [little, all] = [await run(first, 0.3), await run(first, 1.1)].map(([figures]) => figures?.served ?? 0);
		assert.ok((all ?? 0) > 1.5 * (little ?? 0), `${little} ${all}`);
	});
});
