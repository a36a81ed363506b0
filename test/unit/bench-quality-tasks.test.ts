import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isHandwritten, sourceFiles } from '../../bench/tasks-files.ts';
import { formatTasks, parseTasks, type Slice, slices, type Task } from '../../bench/tasks-format.ts';
import { codeLines, definitions } from '../../bench/tasks-language.ts';
import { makeTasks } from '../../bench/tasks-maker.ts';
import { placesIn } from '../../bench/tasks-places.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const head = 'const a1 = b1;\nconst a2 = b2;\nconst a3 = b3;\nconst a4 = b4;\n';

/** The lines with a cursor, and in brackets what is taken out. */
function pictures(body: string, slice: Slice, takesBlock = false, languageId = 'typescript'): string[] {
	const text = head + body;
	return placesIn(text, languageId, slice, takesBlock).map(({ start, end }) => {
		const lineStart = text.lastIndexOf('\n', start - 1) + 1;
		return `${text.slice(lineStart, start)}|${text.slice(start, end)}`;
	});
}

describe('places for tasks', () => {
	it('at line starts, behind the indentation', () => {
		assert.deepEqual(pictures('\tfoo(bar);\n\n\t}\n', 'line-start'), ['\t|foo(bar);']);
	});

	it('at the starts of words', () => {
		assert.deepEqual(pictures('return foo.bar(baz);', 'word-start'), [
			'return |foo.bar(baz);',
			'return foo.|bar(baz);',
			'return foo.bar(|baz);',
		]);
	});

	it('inside words, behind one to three characters', () => {
		assert.deepEqual(pictures('go(value);', 'inside-word'), ['go(v|alue);', 'go(va|lue);', 'go(val|ue);']);
	});

	it('in the middle of lines, with code behind', () => {
		const text = `${head}go(ab(c.def) + 1)`;
		const pictures = placesIn(text, 'typescript', 'mid-line', false).map(
			({ start, end }) => `${text.slice(start, end)}|${text.slice(end)}`,
		);
		assert.deepEqual(pictures, [
			'go(ab|(c.def) + 1)',
			'go(ab(c|.def) + 1)',
			'ab(c|.def) + 1)',
			'ab(c.def|) + 1)',
			'c.def|) + 1)',
			'def|) + 1)',
		]);
	});

	it('in front of words, with them behind', () => {
		const text = `${head}go(ab(c.def) + 1)`;
		const pictures = placesIn(text, 'typescript', 'before-word', false).map(
			({ start, end }) => `${text.slice(start, end)}|${text.slice(end)}`,
		);
		assert.deepEqual(pictures, ['go(|ab(c.def) + 1)', 'go(ab(|c.def) + 1)', 'go(ab(c.|def) + 1)', 'ab(|c.def) + 1)', 'ab(c.|def) + 1)']);
	});

	it('not inside of texts', () => {
		assert.deepEqual(pictures('foo("some words", bar);', 'word-start'), ['foo("some words", |bar);']);
	});

	it('with the rest of the block, as if that had not been written yet', () => {
		assert.deepEqual(pictures('\tfoo(bar);\n\t\tbaz(1);\n}', 'line-start', true), ['\t|foo(bar);\n\t\tbaz(1);']);
	});

	it('in blocks of a few lines, right where they begin', () => {
		assert.deepEqual(pictures('if (foo(bar)) {\n\tone(two);\n\tthree(4);\n}', 'block'), ['\t|one(two);\n\tthree(4);']);
		assert.deepEqual(pictures('if (foo(bar)) {\n\tone(two);\n}', 'block'), []);
	});

	const passedOver: [what: string, line: string, languageId?: string][] = [
		['comments', '// foo(bar)'],
		['comments of several lines', '/*\nfoo(bar)\n*/'],
		['remarks at the end of a line', 'foo(bar); // or baz'],
		['remarks in Python', 'foo(bar)  # or baz', 'python'],
		['imports', "import { foo } from './bar';"],
		['imports of several lines', "import {\n\tfooBar as barFoo,\n} from 'baz';"],
		['imports in Python', 'from foo import bar', 'python'],
		['comments in Python', '# foo(bar)', 'python'],
		['docstrings', '"""\nfoo is bar\n"""', 'python'],
		['templates', '`\nfoo(bar)\n`'],
		['packages', 'package main_thing', 'go'],
		['a single name', 'foo;'],
		['nothing but text', '\t"foo bar",'],
		['a line that is too long', `foo(${'bar, '.repeat(20)})`],
	];
	for (const [what, line, languageId] of passedOver) {
		it(`none in ${what}`, () => assert.deepEqual(pictures(line, 'line-start', false, languageId), []));
	}

	it('an import ends where it ends', () => {
		const texts = [
			"import {\n\ta,\n} from 'b';\nfoo();\nimport c from 'd'\nbar();\nimport 'e'\nbaz();",
			'from a import (\n\tb,\n\tc,\n)\nfoo();\nimport d\nbar();\nfrom e import f\nbaz();',
			'package a\nfoo();\nimport (\n\t"b"\n\t"c"\n)\nbar();\nimport "d"\nbaz();',
			"export { a } from 'b';\nfoo();\nexport * from 'c';\nbar();\nexport {\n\td,\n};\nbaz();",
		];
		for (const text of texts) {
			const isCode = codeLines(text, 'typescript');
			assert.deepEqual(
				text.split('\n').filter((_, index) => isCode[index]),
				['foo();', 'bar();', 'baz();'],
			);
		}
	});
});

describe('definitions', () => {
	const table: [languageId: string, line: string, names: string[]][] = [
		['typescript', 'export async function foo(bar) {', ['foo']],
		['typescript', 'export interface Foo<T> {', ['Foo']],
		['typescript', '\tconst local = 1;', []],
		['go', 'func (r *Reader) Read(p []byte) {', ['Read']],
		['go', 'type Reader struct {', ['Reader']],
		['python', 'class Foo(Bar):', ['Foo']],
		['python', 'LIMIT: int = 3', ['LIMIT']],
		['python', 'if a == b:', []],
	];
	for (const [languageId, line, names] of table) {
		it(`${languageId}: ${line}`, () => assert.deepEqual(definitions(line, languageId), names));
	}
});

describe('the maker of tasks', () => {
	let folder: TemporaryFolder;
	const filler = (name: string) => Array.from({ length: 40 }, (_, i) => `export const ${name}${i} = compute(${i}, ${name});`).join('\n');
	const files: Readonly<Record<string, string>> = {
		'src/one.ts': `${filler('one')}\nexport function shared(count: number) {\n\tconst twice = compute(count);\n\treturn twice + count;\n}\n`,
		'src/two.ts': `${filler('two')}\nexport function other(count: number) {\n\treturn shared(count);\n}\n`,
		'src/three.py': `${Array.from({ length: 60 }, (_, i) => `value_${i} = compute(argument_${i})`).join('\n')}\n`,
		'src/types.d.ts': filler('types'),
		'src/page.min.js': filler('page'),
		'src/made.ts': `// Code generated by a program. DO NOT EDIT.\n${filler('made')}`,
		'src/wide.js': `const wide = [${'1, '.repeat(600)}];`,
		'test/one.test.ts': filler('tested'),
		'node_modules/a/index.js': filler('foreign'),
		'README.md': filler('read'),
	};

	before(async () => {
		folder = await TemporaryFolder.create();
		for (const [path, text] of Object.entries(files)) {
			await mkdir(dirname(join(folder.path, path)), { recursive: true });
			await writeFile(join(folder.path, path), text);
		}
	});

	after(() => folder[Symbol.asyncDispose]());

	const make = async (count: number, seed: number, wanted: readonly Slice[] = slices): Promise<Task[]> =>
		makeTasks(await sourceFiles(folder.path), { count, seed, slices: wanted });

	it('takes what people wrote', async () => {
		assert.deepEqual(
			(await sourceFiles(folder.path)).map(({ path }) => path),
			['src/one.ts', 'src/three.py', 'src/two.ts'],
		);
		assert.equal(isHandwritten(`a${'b'.repeat(500)}\n`.repeat(2)), false);
	});

	it('takes the slices in turn', async () => {
		const made = await make(6, 1, ['line-start', 'inside-word', 'inside-word']);
		assert.deepEqual(
			made.map(({ slice }) => slice),
			['line-start', 'inside-word', 'inside-word', 'line-start', 'inside-word', 'inside-word'],
		);
	});

	it('makes the same tasks of the same seed', async () => {
		assert.deepEqual(await make(20, 1), await make(20, 1));
		assert.notDeepEqual(await make(20, 1), await make(20, 2));
	});

	it('what is taken out is what is missing', async () => {
		for (const { path, prefix, suffix, gt_line, gt_block, slice } of await make(30, 3)) {
			assert.equal(prefix + gt_block + suffix, files[path]);
			assert.equal(gt_line, gt_block.split('\n')[0]);
			assert.ok(slice !== 'line-start' || /(^|\n)\s*$/.test(prefix));
			assert.ok(slice !== 'inside-word' || /\w$/.test(prefix));
		}
	});

	it('marks what names something of another file', async () => {
		const made = await make(300, 4);
		const marked = made.filter(({ cross_file }) => cross_file);
		assert.ok(marked.length > 0);
		assert.ok(marked.every(({ path, prefix, gt_line }) => path === 'src/two.ts' && /shared/.test(`${prefix.slice(-6)}${gt_line}`)));
	});

	it('writes tasks that can be read', async () => {
		const made = await make(5, 5);
		assert.deepEqual(parseTasks(formatTasks(made)), made);
	});

	it('says which line is no task', () => {
		const task = { id: 'a', path: 'a.ts', prefix: '', suffix: '', gt_line: '', gt_block: '' };
		const text = `${JSON.stringify(task)}\n\n${JSON.stringify({ ...task, suffix: 1 })}\n`;
		assert.throws(() => parseTasks(text), /Line 3 is no task/);
		assert.throws(() => parseTasks('{'), /Line 1 is no task/);
	});
});
