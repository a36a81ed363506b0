import assert from 'node:assert/strict';
import { chunksOf } from '../../src/context/index/chunks.ts';
import { declarationAt } from '../../src/context/index/declaration.ts';
import { importedPaths, isImported } from '../../src/context/index/imports.ts';
import { declaredNames } from '../../src/context/index/symbols.ts';

/** Texts, and the names that they declare. */
const texts: [languageId: string, text: string, names: string][] = [
	['typescript', 'export async function* stream(a: number): AsyncGenerator<string> {\n\tif (a) {\n\t\tcall(a);\n\t}\n}', 'stream'],
	['typescript', 'export interface Place {\n\treadonly path: string;\n\tcontains(x: number): boolean;\n}', 'Place contains'],
	['typescript', 'export const limits = { a: 1 };\nfunction f() {\n\tconst local = 1;\n}', 'limits f'],
	[
		'typescript',
		'class A<T> extends B {\n\t#x = 1;\n\tprivate static async run(\n\t\ta: string,\n\t) {\n\t}\n\tget size(): number {\n\t}\n}',
		'A run size',
	],
	['typescript', 'export type Id = string;\nexport enum Kind { A }\ndeclare module Foo {}', 'Id Kind Foo'],
	[
		'javascript',
		'exports.parse = function (text) {};\nFoo.prototype.bar = function () {};\nconst x = {\n\tmake: function () {},\n\tdone() {\n\t},\n};',
		'parse bar x make done',
	],
	['javascript', 'for (const a of b) {\n\twhile (x) {\n\t}\n}', ''],
	[
		'python',
		'LIMIT: int = 3\nclass Model(Base):\n    def save(self, *args):\n        x = 1\n    async def load(self): ...\nif LIMIT == 3:\n    pass',
		'Model save load LIMIT',
	],
	['python', 'def delete(self, set):\n    pass', 'delete'],
	[
		'go',
		'type Server struct {\n\tname string\n}\nfunc (s *Server) Listen(addr string) error {\n}\nfunc New[T any]() *T {\n}\nconst Max = 3',
		'Server Listen New Max',
	],
	[
		'rust',
		'pub struct Slot<T> {}\nimpl<T> Slot<T> {\n    pub(crate) async fn take(&mut self) -> Option<T> {}\n}\npub trait Read {}\nmacro_rules! vec {}\nconst N: usize = 1;',
		'Slot take Read vec N',
	],
	[
		'java',
		'public final class Account<T> implements X {\n    private static final int LIMIT = 3;\n    public Account(int a) {\n    }\n    @Override public List<String> names(int a, String b) throws IOException {\n        return find(a);\n    }\n}',
		'Account LIMIT names',
	],
	[
		'csharp',
		'namespace Shop;\npublic record Order(int Id);\npublic class Cart {\n    public decimal Total { get; set; }\n    public async Task<int> CountAsync(int a) => 1;\n}',
		'Shop Order Cart Total CountAsync',
	],
	[
		'c',
		'#define MAX_SIZE 10\ntypedef struct node {\n\tint x;\n} node_t;\nstatic inline int add(int a, int b)\n{\n\treturn add(a, b);\n}\nvoid free_all(void);',
		'MAX_SIZE node node_t add free_all',
	],
	[
		'cpp',
		'namespace ui {\nclass Window : public Base {\n public:\n  void show(int x) const;\n};\nvoid Window::show(int x) const {\n  other.call(x);\n}\n}',
		'ui Window show show',
	],
	['ruby', 'class Shop < Base\n  def total(items)\n  end\n  def self.open?\n  end\nend', 'Shop total open?'],
	['php', '<?php\nfinal class Cart {\n  public function add(Item $item): void {\n  }\n}', 'Cart add'],
	['swift', 'struct Point {\n  func moved(by x: Int) -> Point {\n  }\n}\nextension Foo {}', 'Point moved Foo'],
	['kotlin', 'data class User(val name: String)\nprivate suspend fun load(id: Int): User {\n}', 'User load'],
	['markdown', '# function foo\nclass X', ''],
];

/** Texts with a declaration at their first line, and what another file needs to know of it. */
const declarations: [languageId: string, text: string, declaration: string][] = [
	[
		'typescript',
		'export function add(a: number, b: number): number {\n\treturn a + b;\n}',
		'export function add(a: number, b: number): number',
	],
	[
		'typescript',
		'function add(\n\ta: { x: number },\n\tb: number,\n): number {\n\treturn 1;\n}',
		'function add(\n\ta: { x: number },\n\tb: number,\n): number',
	],
	['typescript', 'export interface Place {\n\tpath: string;\n}\nconst other = 1;', 'export interface Place {\n\tpath: string;\n}'],
	['typescript', "type Kind = 'a' | 'b';\nconst other = 1;", "type Kind = 'a' | 'b';"],
	[
		'typescript',
		'class Lane {\n\t#x = 1;\n\tenter(signal: AbortSignal): Promise<void> {\n\t\tif (signal) {\n\t\t}\n\t}\n\n\tleave(): void {\n\t}\n}\nfunction other() {}',
		'class Lane\n\tenter(signal: AbortSignal): Promise<void>\n\tleave(): void',
	],
	['typescript', 'export const double = (a: number) => {\n\treturn a * 2;\n};', 'export const double = (a: number)'],
	['typescript', 'export const limit = 3;\nexport const other = 4;', 'export const limit = 3;'],
	[
		'python',
		'def save(self, name: str,\n         force: bool = False) -> None:\n    pass',
		'def save(self, name: str,\n         force: bool = False) -> None:',
	],
	[
		'python',
		'class Model(Base):\n    x = 1\n\n    def save(self):\n        def inner():\n            pass\n\n    def load(self): ...\n\nclass Other: ...',
		'class Model(Base):\n    def save(self):\n    def load(self): ...',
	],
	['go', 'func (s *Server) Listen(addr string) error {\n\treturn nil\n}', 'func (s *Server) Listen(addr string) error'],
	['rust', 'pub struct Point {\n    pub x: f64,\n}\n\nfn other() {}', 'pub struct Point {\n    pub x: f64,\n}'],
	[
		'java',
		'    public int add(int a, int b)\n            throws IOException {\n        return 1;\n    }',
		'    public int add(int a, int b)\n            throws IOException',
	],
	['c', 'static int add(int a,\n               int b)\n{\n\treturn a;\n}', 'static int add(int a,\n               int b)'],
];

/** A line that imports, a path, and whether it is meant. */
const imports: [line: string, path: string, isMeant: boolean][] = [
	["import { Lane } from '../std/lane.ts';", 'src/std/lane.ts', true],
	["import { Lane } from '../std/lane.ts';", 'src/std/plane.ts', false],
	["const x = require('./parse');", 'lib/parse.js', true],
	["import x from './widgets';", 'src/widgets/index.tsx', true],
	['from .models import User', 'shop/models.py', true],
	['from shop.models import User', 'shop/models.py', true],
	['import shop.views', 'shop/views.py', true],
	['import com.shop.Cart;', 'src/main/java/com/shop/Cart.java', true],
	['use crate::store::slot;', 'src/store/slot.rs', true],
	['#include "ui/window.h"', 'src/ui/window.h', true],
	['#include <window.h>', 'src/other.h', false],
	['import (\n\t"example.com/shop/cart"\n)', 'example.com/shop/cart/total.go', true],
];

describe('what a file declares', () => {
	for (const [languageId, text, names] of texts) {
		it(`${languageId}: ${JSON.stringify(text)} → ${names || 'nothing'}`, () => {
			const found = declaredNames(text, languageId).toSorted((a, b) => a.line - b.line);
			for (const { name, line } of found) assert.ok(text.split('\n')[line]?.includes(name), `${name} is not in line ${line}`);
			const once = [...new Set(found.map(({ name }) => name))];
			assert.deepEqual(once.toSorted(), [...new Set(names.split(' ').filter((name) => name !== ''))].toSorted());
		});
	}

	it('is found in no time where patterns could go astray', () => {
		const nasty = [
			`${' '.repeat(50_000)}x`,
			`public ${'a b '.repeat(10_000)}(`,
			`${'<'.repeat(20_000)}`,
			`int ${'x::'.repeat(10_000)}y(`,
			'a,'.repeat(20_000),
		];
		const started = performance.now();
		for (const languageId of ['typescript', 'python', 'go', 'rust', 'java', 'cpp', 'ruby'])
			for (const text of nasty) declaredNames(`${text}\n${text}`, languageId);
		const took = performance.now() - started;
		assert.ok(took < 3000, `${took} ms`);
	});
});

describe('what another file needs to know of a declaration', () => {
	for (const [languageId, text, declaration] of declarations) {
		it(`${languageId}: ${JSON.stringify(text)} → ${JSON.stringify(declaration)}`, () =>
			assert.equal(declarationAt(text.split('\n'), 0, languageId).text, declaration));
	}
});

describe('what a file imports', () => {
	for (const [line, path, isMeant] of imports)
		it(`${JSON.stringify(line)} means ${isMeant ? '' : 'not '}${path}`, () => assert.equal(isImported(path, importedPaths(line)), isMeant));
});

describe('chunks', () => {
	const numbered = (count: number, blank: (line: number) => boolean) =>
		Array.from({ length: count }, (_, line) => (blank(line) ? '' : `line ${line}`)).join('\n');
	const ranges = (text: string) => chunksOf(text).map(({ startLine, endLine }) => `${startLine}-${endLine}`);

	it('end at a blank line', () => assert.deepEqual(ranges(numbered(50, (line) => line % 20 === 19)), ['0-19', '20-39', '40-49']));
	it('are never long', () => assert.deepEqual(ranges(numbered(80, () => false)), ['0-35', '36-71', '72-79']));
	it('are whole: nothing is left out', () => {
		const text = numbered(333, (line) => line % 7 === 0);
		assert.equal(
			chunksOf(text)
				.map(({ from, to }) => text.slice(from, to))
				.join(''),
			text,
		);
	});
	it('of nothing are none', () => assert.deepEqual(chunksOf(''), []));
});
