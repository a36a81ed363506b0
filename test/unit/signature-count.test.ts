import assert from 'node:assert/strict';
import { countOf, needs, partsOf } from '../../src/signature/count.ts';
import { planned } from '../signature-plan.ts';

const edit = [{}];
const call = { kind: 'call', class: 'D', edits: edit } as const;
const comment = { kind: 'documentation', class: 'D', edits: edit } as const;
const imported = { kind: 'import', class: 'D', edits: edit } as const;

describe('what needs an update is counted', () => {
	const pictures: readonly (readonly [string, Parameters<typeof countOf>[0]])[] = [
		['1 caller needs an update', [call]],
		['2 callers need an update', [call, call]],
		['1 import needs an update', [imported]],
		['2 callers and 1 import need an update', [imported, call, call]],
		['The comment needs an update', [comment]],
		['1 caller, 2 imports and the comment need an update', [call, imported, imported, comment]],
		['21 callers need an update', Array(21).fill(call)],
		['10 imports need an update', Array(10).fill(imported)],
		['0 callers need an update', []],
	];
	for (const [said, dependents] of pictures) it(said, () => assert.equal(countOf(dependents), said));

	it('with the imports apart, where a function has another name now', async () => {
		const { dependents } = await planned([
			{ path: 'a.py', languageId: 'python', before: 'def f(a): ...\n', after: 'def g(a): ...\n' },
			...['b.py'].map((path) => {
				const text = 'from a import f\nf(1)\nf(2)\n';
				return { path, languageId: 'python', before: text, after: text };
			}),
		]);
		assert.equal(countOf(dependents.filter(needs)), '2 callers and 1 import need an update');
	});

	it('and an import that needs nothing is none of them', async () => {
		const text = 'from a import f\nf(1)\nf(2)\n';
		const { dependents } = await planned([
			{ path: 'a.py', languageId: 'python', before: 'def f(a): ...\n', after: 'def f(a, b): ...\n' },
			{ path: 'b.py', languageId: 'python', before: text, after: text },
		]);
		assert.equal(partsOf(dependents.filter(needs)), '2 callers');
		assert.equal(partsOf(dependents.filter((dependent) => !needs(dependent))), '1 import');
	});
});
