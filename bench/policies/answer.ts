import { InlineCompletionItem, type Position, Range } from 'vscode';
import type { Around } from './lines.ts';
import type { PolicyWorld } from './policy.ts';

interface Asked {
	readonly maxTokens: number;
	readonly signal: AbortSignal;
	/** Whether enough has come; what is too much is not cut off. */
	readonly isEnough?: (text: string) => boolean;
}

/** The whole answer of a model to a hole, its tokens around it; undefined when the signal aborted or the model failed. */
export async function answerTo({ model, template }: PolicyWorld, { prefix, suffix }: Around, asked: Asked): Promise<string | undefined> {
	const { maxTokens, signal, isEnough = () => false } = asked;
	const { prompt } = template.render(prefix, suffix, '');
	let text = '';
	try {
		for await (const piece of model.generate({ prompt, maxTokens, stop: template.stop }, signal)) {
			text += piece;
			if (isEnough(text)) break;
		}
		return text;
	} catch {
		return undefined;
	}
}

/** What a provider returns for a text at the cursor; nothing for nothing. */
export function itemsFor(text: string | undefined, position: Position): InlineCompletionItem[] {
	return text === undefined || text.trim() === '' ? [] : [new InlineCompletionItem(text, new Range(position, position))];
}
