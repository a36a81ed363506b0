import assert from 'node:assert/strict';
import { cut } from '../../src/completion/cut.ts';
import { isInCircles } from '../../src/completion/repetition.ts';
import { shapeAt } from '../../src/completion/shape.ts';
import { at } from '../picture.ts';
import { modelFacts, specialTokens, suggested } from '../suggestion.ts';
import { suggestions } from '../suggestions.ts';

describe('what is made of an answer', () => {
	for (const [what, rows] of Object.entries(suggestions)) {
		describe(what, () => {
			for (const row of rows) {
				const [picture, answer, result, options] = row;
				it(`${JSON.stringify(picture)} + ${JSON.stringify(answer.slice(0, 40))} → ${JSON.stringify(result)}`, () => {
					assert.equal(suggested(row), result);
					assertStreams(answer, shapeAt(at(picture, options), modelFacts));
				});
			}
		});
	}
});

/** Piece by piece it comes to the same, and a line that was let through whole is not taken back. */
function assertStreams(answer: string, shape: ReturnType<typeof shapeAt>): void {
	const { text } = cut(answer, shape, specialTokens, true);
	for (let length = 0; length < answer.length; length += 1 + (length % 3)) {
		const early = cut(answer.slice(0, length), shape, specialTokens, false);
		if (early.isComplete) {
			assert.ok(early.text === text || isInCircles(early.text), `ended at ${JSON.stringify(early.text)}`);
			return;
		}
		const whole = early.text.slice(0, Math.max(0, early.text.lastIndexOf('\n')));
		assert.ok(text.startsWith(whole), `${JSON.stringify(whole)} was let through`);
	}
}
