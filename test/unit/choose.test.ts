import assert from 'node:assert/strict';
import { choose, isStillGood } from '../../src/context/choose.ts';
import type { ContextSnippet, SnippetSource } from '../../src/context/snippet.ts';

/** A snippet as a picture: `definition src/cart.ts:3 0.5`, with what it says. */
function snippet(picture: string, text: string): ContextSnippet {
	const [source = '', place = '', score = '1'] = picture.split(' ');
	const [path = '', line = '1'] = place.split(':');
	const startLine = Number(line) - 1;
	return { path, startLine, endLine: startLine + text.split('\n').length - 1, text, source: source as SnippetSource, score: Number(score) };
}

const pictureOf = ({ source, path, startLine }: ContextSnippet) => `${source} ${path}:${startLine + 1}`;
const shown = {
	path: 'src/main.ts',
	text: "import { total } from './cart';\n\nexport function receipt(cart: Cart): string {\n\tconst sum = total(cart);\n\treturn format(sum);\n}\n",
	near: 'export function receipt(cart: Cart): string {\n\tconst sum = total(cart);\n',
};
const chosen = (found: readonly ContextSnippet[], tokens = 400) => choose(found, shown, tokens).map(pictureOf);

describe('choosing context', () => {
	const total = snippet('definition src/cart.ts:3', 'export function total(items: readonly Item[], discount = 0): number;');
	const item = snippet('definition src/cart.ts:9', 'export interface Item {\n\tname: string;\n\tprice: number;\n}');

	it('orders by how steady a source is and then by place, whatever the scores are', () => {
		const found = [
			snippet('edit b.ts:1', '-const vat = 16;\n+const vat = 19;'),
			snippet('view z.ts:1', 'const width = columns * spacing;'),
			snippet('similar y.ts:5 0.9', 'function invoice(order: Order) {\n\tprint(order.lines);\n}'),
			snippet('import q.ts:1 0.2', 'export class Printer {'),
			item,
			total,
		];
		assert.deepEqual(chosen(found), [
			'import q.ts:1',
			'definition src/cart.ts:3',
			'definition src/cart.ts:9',
			'similar y.ts:5',
			'view z.ts:1',
			'edit b.ts:1',
		]);
		assert.deepEqual(chosen(found.toReversed().map((one) => ({ ...one, score: one.score / 2 }))), chosen(found));
	});

	describe('leaves out', () => {
		const out: [what: string, found: ContextSnippet][] = [
			['what the window shows', snippet('definition src/main.ts:3', 'export function receipt(cart: Cart): string {')],
			[
				'what is mostly in the window',
				snippet('similar old/main.ts:3', 'function x() {\n\tconst sum = total(cart);\n\treturn format(sum);\n}'),
			],
			[
				'what looks like the place of the cursor',
				snippet('similar src/bill.ts:3', 'export function receipt(cart: Cart) {\n\tconst sum: string = total(cart)\n\treturn sum;\n}'),
			],
			['files that hold secrets by custom', snippet('similar config/.env:1', 'API_URL=https://example.org\nAPI_USER=shop')],
			['what says nothing', snippet('view src/a.ts:1', '}\n')],
		];
		for (const [what, found] of out) it(what, () => assert.deepEqual(chosen([found, item]), ['definition src/cart.ts:9']));

		it('what overlaps with something better, and copies of it', () => {
			const found = [
				snippet('similar src/cart.ts:8 0.5', `// An item.\n${item.text}`),
				snippet('similar copy/cart.ts:90 0.5', item.text),
				item,
			];
			assert.deepEqual(chosen(found), ['definition src/cart.ts:9']);
		});
	});

	it('takes the best as long as there is room', () => {
		const similar = snippet('similar y.ts:5 0.5', 'function invoice(order: Order) {\n\tprint(order.lines);\n}');
		assert.deepEqual(chosen([similar, total], 60), ['definition src/cart.ts:3']);
		assert.deepEqual(chosen([similar, total], 8), []);
		assert.deepEqual(chosen([similar, total], 0), []);
	});

	it('cuts what is long at the end of a line, and says so', () => {
		const lines = Array.from({ length: 50 }, (_, index) => `\tfield${index}: string;`);
		const [cut] = choose([snippet('definition src/big.ts:1', `interface Big {\n${lines.join('\n')}`)], shown, 200);
		assert.ok(cut);
		assert.equal(cut.text, ['interface Big {', ...lines.slice(0, cut.endLine)].join('\n'));
		assert.ok(cut.endLine >= 8 && cut.endLine < 20, `${cut.endLine}`);
	});

	it('fits what it has estimated', () => {
		const many = Array.from({ length: 40 }, (_, index) =>
			snippet(`similar src/file${index}.ts:1 0.${index}`, `call${index}(one${index}, two${index});\nleave${index}(three${index});`),
		);
		const text = choose(many, shown, 300)
			.map((one) => one.path + one.text)
			.join('\n');
		assert.ok(text.length < 900 && text.length > 450, `${text.length}`);
	});
});

describe('what was chosen before', () => {
	const [a, b, c] = ['definition a.ts:1', 'definition b.ts:1', 'similar c.ts:1 0'].map((picture) => snippet(picture, 'text();'));
	assert.ok(a && b && c);
	it('stays while it does much of what is wanted', () => assert.ok(isStillGood([a, b], [a, b, c])));
	it('stays when nothing else is found', () => assert.ok(isStillGood([a], [])));
	it('goes when most of what is wanted is missing', () => assert.ok(!isStillGood([c], [a, b, c])));
	it('goes when a declaration was changed', () => {
		const changed = snippet('definition a.ts:1', 'other();');
		assert.ok(!isStillGood([a, b, c], [changed, b, c]));
	});
	it('goes when it was nothing', () => assert.ok(!isStillGood([], [c])));
});
