import assert from 'node:assert/strict';
import { recall } from '../../src/completion/recall.ts';
import { at } from '../picture.ts';

const cases: [what: string, picture: string, continuation: string | undefined][] = [
	['what follows elsewhere', 'const totals = sum(items);\n\nconst totals |', '= sum(items);'],
	['below as well as above, whatever the indentation', 'const totals |\nx\n\t\tconst totals = 1;', '= 1;'],
	['the same twice', 'const totals = 1;\nconst totals = 1;\nconst totals |', '= 1;'],
	['nothing when it could go on in two ways', 'const totals = 1;\nconst totals = 2;\nconst totals |', undefined],
	['nothing after too few characters', 'return alpha;\nreturn |', undefined],
	['nothing for the middle of other lines', 'x = const totals = 1;\nconst totals |', undefined],
	['nothing where code follows', 'const totals = 1;\nconst totals | + 1', undefined],
	['up to closers', 'callback(alpha, beta)\ncallback(alp|)', 'ha, beta)'],
	['nothing for the last character or two', 'const totals = 1;\nconst totals = 1|', undefined],
];

describe('recall', () => {
	for (const [what, picture, continuation] of cases) {
		it(`${what}: ${JSON.stringify(picture)} → ${JSON.stringify(continuation)}`, () => {
			const request = at(picture);
			assert.equal(recall(request, [request.prefix, request.suffix]), continuation);
		});
	}

	it('neither secrets of other texts nor what stands for one here', () => {
		const request = at('const apiToken = |');
		assert.equal(recall(request, ["const apiToken = 'Zx81kQ0pL4vB7nM2aT9w';"]), undefined);
		assert.equal(recall(request, ["const apiToken = 'HIDDEN_SECRET';"]), undefined);
		assert.equal(recall(request, ["const apiToken = read('token');"]), "read('token');");
	});

	it('finds it in other texts', () => {
		assert.equal(recall(at('const totals |'), ['', 'a\n\tconst totals = 1;\n']), '= 1;');
	});
});
