import { languages } from 'vscode';
import { Lane } from '../../src/std/lane.ts';
import { ollama } from '../server/server.ts';
import { answerTo, itemsFor } from './answer.ts';
import { linesAround, untilIndentReturns } from './lines.ts';
import type { Policy } from './policy.ts';

/** `package.json` of twinnydotdev/twinny at 193d14c (2025-08-07, 3.23.31): `debounceWait`, `contextLength`, `numPredictFim`, `maxLines`. */
const debounceMs = 300;
/** 85 and 15 of 100 lines (`utils.ts`, getPrefixSuffix). */
const linesBefore = 85;
const linesAfter = 15;
const maxTokens = 512;
const maxLines = 40;

/**
 * Twinny (`completion.ts`). The prompt is made before the debounce; the editor's token is not heeded: what was begun goes on to its end, and
 * the next waits for it behind a lock. No cache unless the user turns one on. Better than the original: the tokens are those of the
 * model, which it would take for CodeLlama's.
 */
export const twinny: Policy = {
	name: 'Twinny',
	server: ollama,
	start(world) {
		const lock = new Lane();
		let latest = 0;
		return languages.registerInlineCompletionItemProvider('*', {
			async provideInlineCompletionItems(document, position) {
				const line = document.lineAt(position.line).text;
				if (/^\w\w$/.test(line.slice(position.character - 1, position.character + 1))) return undefined;
				const own = ++latest;
				const around = linesAround(document, position, linesBefore, linesAfter);
				await new Promise((resolve) => setTimeout(resolve, debounceMs));
				// Its timer is cleared by a later call, and this one never settles.
				if (own !== latest) return undefined;
				const { signal } = new AbortController();
				const leave = await lock.enter(signal);
				try {
					const most = opensBlock(around.prefix) ? maxLines : 1;
					const isEnough = (text: string) => text.trimStart().split('\n').length > most || untilIndentReturns(text, around.prefix) !== text;
					const text = (await answerTo(world, around, { maxTokens, signal, isEnough })) ?? '';
					const lines = untilIndentReturns(text, around.prefix).trim().split('\n').slice(0, most);
					return itemsFor(lines.join('\n'), position);
				} finally {
					leave();
				}
			},
		});
	},
};

/** `getIsMultilineCompletion` looks at the syntax tree for this. */
function opensBlock(prefix: string): boolean {
	return /([{([:]|^|\n)[ \t]*$/.test(prefix);
}
