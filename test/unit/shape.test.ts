import assert from 'node:assert/strict';
import type { CompletionRequest } from '../../src/completion/completion.ts';
import { type Eagerness, shapeAt, tokensFor } from '../../src/completion/shape.ts';
import { at } from '../picture.ts';
import { modelFacts } from '../suggestion.ts';

const line = 1;
const block = 12;

function shape(picture: string, options: Partial<CompletionRequest> = {}, eagerness?: Eagerness, stepMs: number | undefined = 5) {
	return shapeAt(at(picture, options), { ...modelFacts, speed: { stepMs } }, eagerness);
}

describe('shape', () => {
	const places: [picture: string, lines: number, languageId?: string][] = [
		['return |', line],
		['foo(|)', line],
		['f() {\n\t|\n}', block],
		['f() {|}', block],
		['f() {|\n}', block],
		['const a = [|]', block],
		['a.then(b => |)', block],
		['if (a) b(); else|', block],
		['case 1:|', block],
		['default:|', block],
		['a ? b :|', line],
		['const a: |', line],
		['a = "{|"', line],
		['x(); // {|', line],
		['x();\n// a\n|', block],
		['/*\n|', line],
		['f(|, b)', line],
		['f() {| + 1', line],
		['def f(a):|', block, 'python'],
		['if a and (b\n        or c):|', block, 'python'],
		['x = {"a":|', line, 'python'],
		['x = a[1:|]', line, 'python'],
		['lambda a:|', line, 'python'],
		['def f(a)|', block, 'ruby'],
		['a.each do|', block, 'ruby'],
		['x if a|', line, 'ruby'],
		['if a then|', block, 'lua'],
		['local function f(a, b)|', block, 'lua'],
		['f(a)|', line, 'lua'],
		['a:|', block, 'yaml'],
		['<ul>|</ul>', block, 'html'],
		['<br>|', line, 'html'],
		['<a href="b"/>|', line, 'html'],
		['a {|}', block, 'css'],
		['a: |', line, 'css'],
		['if [ -f a ]; then|', block, 'shellscript'],
		['for a in b; do|', block, 'shellscript'],
		['f a = do|', block, 'haskell'],
		['def f(a) do|', block, 'elixir'],
		['function f(a)|', block, 'julia'],
	];
	for (const [picture, lines, languageId = 'typescript'] of places) {
		it(`${languageId}: ${JSON.stringify(picture)} takes ${lines === 1 ? 'a line' : 'a block'}`, () => {
			assert.equal(shape(picture, { languageId }).maxLines, lines);
		});
	}

	const wishes: [
		eagerness: Eagerness,
		trigger: CompletionRequest['trigger'],
		stepMs: number | undefined,
		inLine: number,
		onEmptyLine: number,
	][] = [
		['auto', 'automatic', 5, 1, 12],
		['auto', 'automatic', 20, 1, 6],
		['auto', 'automatic', 40, 1, 1],
		['auto', 'automatic', undefined, 1, 5],
		['line', 'automatic', 5, 1, 1],
		['line', 'automatic', 40, 1, 1],
		['block', 'automatic', 5, 1, 24],
		['block', 'automatic', 40, 1, 12],
		['block', 'automatic', 400, 1, 3],
		['auto', 'manual', 5, 24, 24],
		['line', 'manual', 5, 24, 24],
		['auto', 'manual', 100, 5, 5],
	];
	for (const [eagerness, trigger, stepMs, inLine, onEmptyLine] of wishes) {
		it(`${eagerness}, ${trigger}, ${stepMs} ms a token: ${inLine} in a line, ${onEmptyLine} on an empty one`, () => {
			const facts = { ...modelFacts, speed: { stepMs } };
			assert.equal(shapeAt(at('return |', { trigger }), facts, eagerness).maxLines, inLine);
			assert.equal(shapeAt(at('f() {\n\t|\n}', { trigger }), facts, eagerness).maxLines, onEmptyLine);
		});
	}

	it('who has looked for context gets all of a body, paragraphs too', () => {
		const facts = { ...modelFacts, speed: { stepMs: 40 } };
		const { maxLines, takesParagraphs } = shapeAt(at('f() {\n\t|\n}', { trigger: 'manual', context: () => undefined }), facts);
		assert.deepEqual([maxLines, takesParagraphs], [41, true]);
	});

	const indents: [picture: string, indent: number, hasEnd: boolean, languageId?: string][] = [
		['\tif (a) {|}', 4, false],
		['\tif (a) {|\n\t}', 4, true],
		['\tif (a) {|\n\t\tb();\n\t}', 4, true],
		['\tif (a) {|\n}', 4, false],
		['\tif (a) {|\n\t} else {', 4, true],
		['foo(\n\t\ta,\n\t\tb) {|', 0, false],
		['foo(\n\t\t"(",\n\t\tb) {|', 0, false],
		['if a:|\nelse:', 0, true, 'python'],
		['if a:|\nb()', 0, false, 'python'],
		['if a|\nend', 0, true, 'ruby'],
	];
	for (const [picture, indent, hasEnd, languageId = 'typescript'] of indents) {
		it(`${JSON.stringify(picture)} begins at column ${indent}${hasEnd ? ' and has its end' : ''}`, () => {
			const found = shape(picture, { languageId });
			assert.deepEqual([found.indent, found.hasEnd], [indent, hasEnd]);
		});
	}

	it('asks for as many tokens as the lines take', () => {
		assert.equal(tokensFor(shape('return |')), 96);
		assert.equal(tokensFor(shape('f() {\n\t|\n}')), 96 + 11 * 24);
	});
});
