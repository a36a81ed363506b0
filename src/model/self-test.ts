import type { LanguageModel, ModelFacts } from './language-model.ts';

/** What one run of the self-test found; kept, and shown to the user. */
export interface SelfTestReport {
	readonly model: string;
	readonly family: string;
	/** Milliseconds since 1970. */
	readonly at: number;
	readonly checks: readonly Check[];
}

interface Check {
	readonly claim: string;
	readonly holds: boolean;
	/** What was seen. */
	readonly detail: string;
}

const hole = {
	before: 'function add(left: number, right: number): number {\n\treturn ',
	after: ';\n}\n',
	fits: /^\s*left\s*\+\s*right|^\s*right\s*\+\s*left/,
};

/** A text with no natural end, so that there is something to abort. */
const endless = {
	before: `const squares = [\n${[1, 4, 9, 16, 25, 36, 49].map((n) => `\t${n},\n`).join('')}`,
	after: '\n];\n',
	tokens: 200,
};

/**
 * Asks a model what every completion depends on: does it fill a known hole, does it keep its special tokens to itself, and
 * does it stop when nobody waits any more? Takes a few seconds; loads the model when it is not loaded.
 * @throws ModelError when the model cannot be asked at all.
 */
export async function selfTest(model: LanguageModel, now: () => number, signal: AbortSignal): Promise<SelfTestReport> {
	const facts = await model.facts(signal);
	const answer = await fillHole(model, facts, signal);
	const leaked = facts.template.specialTokens.filter((token) => answer.includes(token));
	return {
		model: facts.name,
		family: facts.template.family,
		at: Date.now(),
		checks: [
			{ claim: 'fills a known hole', holds: hole.fits.test(answer), detail: `return ▮${answer.split('\n', 1)[0]}` },
			{ claim: 'keeps special tokens to itself', holds: leaked.length === 0, detail: leaked.join(' ') || 'none seen' },
			await stopsWhenAborted(model, facts, now, signal),
		],
	};
}

async function fillHole(model: LanguageModel, { template }: ModelFacts, signal: AbortSignal): Promise<string> {
	let answer = '';
	const rendered = template.render(hole.before, hole.after, '');
	for await (const piece of model.generate({ ...rendered, maxTokens: 32, stop: template.stop }, signal)) answer += piece;
	return answer;
}

/**
 * Aborts a long answer at its third token and asks for one token of the same prompt: a server that went on would keep us waiting
 * for the rest.
 */
async function stopsWhenAborted(model: LanguageModel, { template }: ModelFacts, now: () => number, signal: AbortSignal): Promise<Check> {
	const claim = 'stops when nobody waits';
	const rendered = template.render(endless.before, endless.after, '');
	const times: number[] = [];
	for await (const _ of model.generate({ ...rendered, maxTokens: endless.tokens, stop: [] }, signal)) {
		if (times.push(now()) === 3) break;
	}
	const [first, , third] = times;
	if (first === undefined || third === undefined) return { claim, holds: false, detail: 'the answer ended before it could be aborted' };
	const restMs = ((third - first) / 2) * (endless.tokens - 3);
	for await (const _ of model.generate({ ...rendered, maxTokens: 1, stop: [] }, signal)) break;
	const waitedMs = now() - third;
	return {
		claim,
		holds: waitedMs < Math.max(restMs / 2, 250),
		detail: `free again after ${Math.round(waitedMs)} ms; the rest would have taken ${Math.round(restMs)} ms`,
	};
}
