import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** They hold 30 MB. */
const answersBetween = 16;

/**
 * Call after every answer. llama.cpp's wrapper keeps a list of all tokens for each (1.8 MB with 150,000 tokens) until a small object is
 * collected. V8 sees only the object, and lets 150 of them come together (280 MB). Collecting the young ones takes a millisecond.
 */
export function garbageCollector(): () => void {
	setFlagsFromString('--expose-gc');
	const collect: NodeJS.GCFunction = runInNewContext('gc');
	let answers = 0;
	return () => {
		answers++;
		if (answers % answersBetween === 0) collect({ type: 'minor' });
	};
}
