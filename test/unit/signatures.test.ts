import assert from 'node:assert/strict';
import { fillEdits } from '../../src/signature/hole.ts';
import { planned } from '../signature-plan.ts';
import { signatures, wraps } from '../signatures.ts';

describe('signatures', () => {
	for (const [rule, byLanguage] of Object.entries(signatures)) {
		describe(rule, () => {
			for (const [languageId, rows] of Object.entries(byLanguage)) {
				for (const [before, after, use, expected, kind] of rows) {
					it(`${languageId}: ${before} → ${after}: ${use}`, async () => {
						const { path, file } = wraps[languageId as keyof typeof wraps];
						const plan = await planned([{ path, languageId, before: file(before, use), after: file(after, use) }]);
						const [filled] = fillEdits([{ start: 0, end: 0, newText: plan.texts.get(path) ?? '' }], plan.holes);
						assert.equal(filled?.newText, file(after, expected));
						assert.equal(plan.class, kind, plan.dependents.map(({ class: own, reason }) => `${own}: ${reason}`).join('\n'));
					});
				}
			}
		});
	}
});
