import assert from 'node:assert/strict';
import type { Completion, CompletionRequest, Outcome } from '../../src/completion/completion.ts';
import { openQuote } from '../../src/completion/scan.ts';
import { at } from '../picture.ts';
import { setUp } from '../scripted-engine.ts';
import { suggestions } from '../suggestions.ts';

const never = new AbortController().signal;
const closerOf: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** What an editor makes of a key: as it is, or with brackets closed by themselves, typed over, and pushed down by Enter. */
function type(request: CompletionRequest, key: string, closesBrackets: boolean): CompletionRequest {
	const { prefix, suffix } = request;
	const after = (change: Partial<CompletionRequest>) => ({ ...request, prefix: prefix + key, ...change });
	if (!closesBrackets) return after({});
	const isInString = openQuote(prefix, request.languageId) !== undefined;
	const closer = isInString ? undefined : closerOf[key];
	if (closer && /^([\s)\]};,]|$)/.test(suffix)) return after({ suffix: closer + suffix });
	if (suffix.startsWith(key) && ')]}"\'`'.includes(key)) return after({ suffix: suffix.slice(1) });
	const isBetween = key === '\n' && suffix !== '' && closerOf[prefix.at(-1) ?? ''] === suffix[0];
	const indent = /^\s*/.exec(prefix.slice(prefix.lastIndexOf('\n') + 1))?.[0] ?? '';
	return after(isBetween ? { suffix: `\n${indent}${suffix}` } : {});
}

/** An engine that was asked at a place and shows a completion there, and cannot ask its model anything else. */
async function shown(request: CompletionRequest, answer: string) {
	const { model, engine } = setUp();
	// The white space before the cursor is left to the answer.
	model.answer = () => (/[ \t]$/.exec(request.prefix)?.[0] ?? '') + answer;
	const { completion } = await engine.complete(request, never);
	model.answer = () => new Error('The model was asked again.');
	return { completion, ask: (place: CompletionRequest) => engine.complete(place, never) };
}

/** From 1 to 6, the same in every run. */
let seed = 1;
function stride(): number {
	seed = (seed * 16807) % 2147483647;
	return 1 + (seed % 6);
}

describe('a suggestion that is typed through', () => {
	const rows = Object.entries(suggestions).flatMap(([what, rows]) => rows.map((row) => ({ what, row })));

	it('shows exactly the rest, wherever one stops', async () => {
		let stops = 0;
		for (const { row } of rows) {
			const [picture, answer, , options] = row;
			const request = at(picture, options);
			const { completion, ask } = await shown(request, answer);
			if (!completion) continue;
			for (let typed = 1; typed < completion.text.length; typed += stride()) {
				const rest = { text: completion.text.slice(typed), replaces: completion.replaces };
				const outcome = await ask({ ...request, prefix: request.prefix + completion.text.slice(0, typed) });
				assertRest(outcome, rest, request, JSON.stringify([picture, answer, typed]));
				stops++;
			}
		}
		assert.ok(stops > 400, String(stops));
	});

	it('comes to the same text when the editor closes brackets by itself', async () => {
		let stops = 0;
		for (const { row } of rows) {
			const [picture, answer, , options] = row;
			const request = at(picture, options);
			const { completion, ask } = await shown(request, answer);
			if (!completion) continue;
			let now = request;
			for (const key of completion.text) {
				now = type(now, key, true);
				if (stride() > 2) continue;
				const { completion: rest } = await ask(now);
				if (!rest) continue;
				assertOnTheWay(now, rest, request, completion);
				stops++;
			}
		}
		assert.ok(stops > 400, String(stops));
	});
});

function assertRest({ completion, nothing }: Outcome, rest: Completion, { suffix }: CompletionRequest, where: string): void {
	if (completion) assert.deepEqual(completion, rest, where);
	// Nothing is left that would not be there anyway.
	else assert.equal(rest.text.trim(), suffix.slice(0, rest.replaces).trim(), `${where}: ${nothing?.reason}`);
}

/** Nothing but the rest, and behind it nothing twice: what is left out of it, the editor has put below. */
function assertOnTheWay(now: CompletionRequest, rest: Completion, asked: CompletionRequest, completion: Completion): void {
	const whole = asked.prefix + completion.text;
	const reached = now.prefix + rest.text;
	const where = JSON.stringify([whole, now.prefix, rest]);
	assert.ok(whole.startsWith(reached), where);
	const behind = now.suffix.slice(rest.replaces);
	const after = asked.suffix.slice(completion.replaces);
	assert.ok(behind.endsWith(after), where);
	const byEditor = behind.slice(0, behind.length - after.length);
	assert.match(byEditor, /^[\s)\]}>'"`;,]*$/, where);
	const leftOut = whole.slice(reached.length);
	if (leftOut !== '') assert.ok(leftOut.startsWith(byEditor.split('\n', 2).join('\n')), where);
}
