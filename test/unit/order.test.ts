import assert from 'node:assert/strict';
import { chooseOrder, type Order } from '../../src/completion/order.ts';

describe('the boundary rule', () => {
	const ollama = { endsWord: false, growsAtEnd: true, canConstrain: false };
	const table: [typed: string, place: Partial<typeof ollama>, order: Order][] = [
		['return ', {}, 'append'],
		['foo(', {}, 'append'],
		['foo.', {}, 'append'],
		['a();\n\t', {}, 'append'],
		['', {}, 'append'],
		['retu', {}, 'word'],
		['größe', {}, 'word'],
		['x1', {}, 'word'],
		['$', {}, 'word'],
		['retu', { canConstrain: true }, 'forced'],
		['retu', { endsWord: true }, 'append'],
		['return ', { growsAtEnd: false }, 'plain'],
		['retu', { growsAtEnd: false, canConstrain: true }, 'plain'],
	];
	for (const [typed, place, order] of table) {
		it(`${JSON.stringify(typed)} ${JSON.stringify(place)} → ${order}`, () =>
			assert.equal(chooseOrder({ typed, ...ollama, ...place }), order));
	}
});
