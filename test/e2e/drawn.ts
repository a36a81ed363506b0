import type { LanguageModel } from '../../src/model/language-model.ts';

const never = new AbortController().signal;

/** What a model says to one prompt with several seeds. */
export async function drawn(model: LanguageModel, seeds: readonly number[]): Promise<string[]> {
	const { template } = await model.facts(never);
	const rendered = template.render('export function parse(text: string): ', '\n', '');
	const said: string[] = [];
	for (const seed of seeds) {
		let text = '';
		const options = { ...rendered, maxTokens: 16, stop: ['\n'], sampling: { temperature: 0.8, seed } };
		for await (const piece of model.generate(options, never)) text += piece;
		console.log(`      seed ${seed}: ${JSON.stringify(text)}`);
		said.push(text);
	}
	return said;
}
