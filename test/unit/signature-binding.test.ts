import assert from 'node:assert/strict';
import { fillEdits } from '../../src/signature/hole.ts';
import { planned } from '../signature-plan.ts';

/** Files by path; the first is the one that changes. Returns the others as they are after the edits, and what is only possible. */
async function others(languageId: string, before: string, files: Readonly<Record<string, string>>) {
	const [first = '', ...rest] = Object.keys(files);
	const edited = Object.entries(files).map(([path, text]) => ({ path, languageId, before: path === first ? before : text, after: text }));
	const plan = await planned(edited);
	const texts = rest.map((path) => fillEdits([{ start: 0, end: 0, newText: plan.texts.get(path) ?? '' }], plan.holes)[0]?.newText);
	const possible = plan.dependents.filter(({ kind }) => kind === 'possible').map(({ path }) => path);
	return { texts, possible, dependents: plan.dependents };
}

const swap = 'export function f(a: number, b: string) {}';
const swapped = 'export function f(b: string, a: number) {}';

describe('which function a name means', () => {
	const bound: readonly (readonly [title: string, files: Readonly<Record<string, string>>, expected: string])[] = [
		['an import', { 'b.ts': 'import { f } from "./a";\nf(1, "x");' }, 'import { f } from "./a";\nf("x", 1);'],
		['an import with its extension', { 'b.ts': 'import { f } from "./a.js";\nf(1, "x");' }, 'import { f } from "./a.js";\nf("x", 1);'],
		['another name', { 'b.ts': 'import { f as g } from "./a";\ng(1, "x");' }, 'import { f as g } from "./a";\ng("x", 1);'],
		['a namespace', { 'b.ts': 'import * as m from "./a";\nm.f(1, "x");' }, 'import * as m from "./a";\nm.f("x", 1);'],
		['a require', { 'b.ts': 'const { f: g } = require("./a");\ng(1, "x");' }, 'const { f: g } = require("./a");\ng("x", 1);'],
		['a folder above', { 'c/b.ts': 'import { f } from "../a";\nf(1, "x");' }, 'import { f } from "../a";\nf("x", 1);'],
		[
			'what an index passes on',
			{ 'b.ts': 'import { f } from ".";\nf(1, "x");', 'index.ts': 'export * from "./a";' },
			'import { f } from ".";\nf("x", 1);',
		],
		[
			'what an index passes on by another name',
			{ 'b.ts': 'import { g } from "./index";\ng(1, "x");', 'index.ts': 'export { f as g } from "./a";' },
			'import { g } from "./index";\ng("x", 1);',
		],
		[
			'a second name that another file gives it',
			{ 'b.ts': 'import { g } from "./c";\ng(1, "x");', 'c.ts': 'import { f } from "./a";\nexport const g = f;' },
			'import { g } from "./c";\ng("x", 1);',
		],
		[
			'a second name of something else',
			{ 'b.ts': 'import { g } from "./c";\ng(1, "x");', 'c.ts': 'const f = 1;\nexport const g = f;' },
			'import { g } from "./c";\ng(1, "x");',
		],
		[
			'one of the same name elsewhere',
			{ 'b.ts': 'import { f } from "./c";\nf(1, "x");', 'c.ts': 'export function f(a: number, b: string) {}' },
			'import { f } from "./c";\nf(1, "x");',
		],
		['one of a package', { 'b.ts': 'import { f } from "f";\nf(1, "x");' }, 'import { f } from "f";\nf(1, "x");'],
		[
			'a parameter',
			{ 'b.ts': 'import { f } from "./a";\nfunction g(f: any) { f(1, "x"); }' },
			'import { f } from "./a";\nfunction g(f: any) { f(1, "x"); }',
		],
		[
			'a variable',
			{ 'b.ts': 'import { f } from "./a";\n{ const f = g; f(1, "x"); }' },
			'import { f } from "./a";\n{ const f = g; f(1, "x"); }',
		],
		[
			'a variable in one of two blocks, below empty lines',
			{ 'b.ts': '\n\nimport { f } from "./a";\n{ const f = [(a, b) => a][0]; f(1, "x"); }\n{ f(1, "x"); }' },
			'\n\nimport { f } from "./a";\n{ const f = [(a, b) => a][0]; f(1, "x"); }\n{ f("x", 1); }',
		],
		['words in texts and comments', { 'b.ts': 'import { f } from "./a";\n"f(1)"; // f(1)' }, 'import { f } from "./a";\n"f(1)"; // f(1)'],
	];
	for (const [title, files, expected] of bound) {
		it(title, async () => {
			const { texts, possible } = await others('typescript', swap, { 'a.ts': swapped, ...files });
			assert.equal(texts[0], expected);
			assert.deepEqual(possible, []);
		});
	}

	it('only maybe, where nothing says where it comes from', async () => {
		const { texts, possible } = await others('typescript', swap, { 'a.ts': swapped, 'b.ts': 'f(1, "x");' });
		assert.deepEqual([texts, possible], [['f(1, "x");'], ['b.ts']]);
	});

	it('a default export, whatever it is called', async () => {
		const { texts } = await others('typescript', 'export default function f(a: number, b: string) {}', {
			'a.ts': 'export default function f(b: string, a: number) {}',
			'b.ts': 'import g from "./a";\ng(1, "x");',
		});
		assert.deepEqual(texts, ['import g from "./a";\ng("x", 1);']);
	});

	it('a class that is imported, and those below it', async () => {
		const { texts } = await others('typescript', 'export class A { m(a: number) {} }', {
			'a.ts': 'export class A { m(a: number, b: number) {} }',
			'b.ts': 'import { A } from "./a";\nexport class B extends A { m(a: number) { super.m(a); } }',
			'c.ts': 'import { B } from "./b";\nconst b = new B();\nb.m(1);',
			'd.ts': 'import { A } from "other";\nnew A().m(1);',
		});
		assert.deepEqual(texts, [
			'import { A } from "./a";\nexport class B extends A { m(a: number, b: number) { super.m(a, TODO_b); } }',
			'import { B } from "./b";\nconst b = new B();\nb.m(1, TODO_b);',
			'import { A } from "other";\nnew A().m(1);',
		]);
	});

	it('a function of a Python module', async () => {
		const { texts, possible } = await others('python', 'def f(a, b): ...', {
			'pkg/a.py': 'def f(b, a): ...',
			'pkg/__init__.py': 'from .a import f\n',
			'one.py': 'from pkg.a import f as g\ng(1, 2)\n',
			'two.py': 'import pkg.a\npkg.a.f(1, 2)\n',
			'three.py': 'from pkg import f\nf(1, 2)\n',
			'pkg/four.py': 'from . import a\na.f(1, 2)\n',
			'five.py': 'from json import f\nf(1, 2)\n',
		});
		assert.deepEqual(texts.slice(1), [
			'from pkg.a import f as g\ng(2, 1)\n',
			'import pkg.a\npkg.a.f(2, 1)\n',
			'from pkg import f\nf(2, 1)\n',
			'from . import a\na.f(2, 1)\n',
			'from json import f\nf(1, 2)\n',
		]);
		assert.deepEqual(possible, []);
	});

	it('a function of a Go package', async () => {
		const { texts } = await others('go', 'package util\nfunc F(a int, b string) {}', {
			'util/a.go': 'package util\nfunc F(b string, a int) {}',
			'util/b.go': 'package util\nfunc g() { F(1, "x") }',
			'main.go': 'package main\nimport "example.org/app/util"\nfunc main() { util.F(1, "x") }',
			'other/c.go': 'package other\nfunc F(a int, b string) {}\nfunc g() { F(1, "x") }',
		});
		assert.deepEqual(texts, [
			'package util\nfunc g() { F("x", 1) }',
			'package main\nimport "example.org/app/util"\nfunc main() { util.F("x", 1) }',
			'package other\nfunc F(a int, b string) {}\nfunc g() { F(1, "x") }',
		]);
	});

	it('a function of a Rust module', async () => {
		const { texts } = await others('rust', 'pub fn f(a: i32, b: &str) {}', {
			'src/util.rs': 'pub fn f(b: &str, a: i32) {}',
			'src/main.rs': 'mod util;\nuse util::f;\nfn main() { f(1, "x"); util::f(1, "x"); crate::util::f(1, "x"); }',
			'src/other.rs': 'fn f(a: i32, b: &str) {}\nfn g() { f(1, "x"); }',
		});
		assert.deepEqual(texts, [
			'mod util;\nuse util::f;\nfn main() { f("x", 1); util::f("x", 1); crate::util::f("x", 1); }',
			'fn f(a: i32, b: &str) {}\nfn g() { f(1, "x"); }',
		]);
	});

	it('a function of a C++ header, with its definition and those that include it', async () => {
		const { texts, possible } = await others('cpp', 'void f(int a, char b);', {
			'lib.h': 'void f(char b, int a);',
			'lib.cpp': '#include "lib.h"\nvoid f(int a, char b) {}',
			'main.cpp': '#include "lib.h"\nint main() { f(1, \'x\'); }',
			'other.cpp': "void g() { f(1, 'x'); }",
		});
		assert.deepEqual(texts, [
			'#include "lib.h"\nvoid f(char b, int a) {}',
			'#include "lib.h"\nint main() { f(\'x\', 1); }',
			"void g() { f(1, 'x'); }",
		]);
		assert.deepEqual(possible, ['other.cpp']);
	});

	it('a method of a Java class, in its package and where it is imported', async () => {
		const { texts } = await others('java', 'package p;\npublic class A { public static void f(int a, String b) {} }', {
			'src/p/A.java': 'package p;\npublic class A { public static void f(String b, int a) {} }',
			'src/p/B.java': 'package p;\nclass B { void g() { A.f(1, "x"); } }',
			'src/q/C.java': 'package q;\nimport p.A;\nclass C { void g() { A.f(1, "x"); } }',
			'src/q/D.java': 'package q;\nimport r.A;\nclass D { void g() { A.f(1, "x"); } }',
		});
		assert.deepEqual(texts, [
			'package p;\nclass B { void g() { A.f("x", 1); } }',
			'package q;\nimport p.A;\nclass C { void g() { A.f("x", 1); } }',
			'package q;\nimport r.A;\nclass D { void g() { A.f(1, "x"); } }',
		]);
	});

	it('a second name of a Python function, in another module', async () => {
		const { texts } = await others('python', 'def f(a, b): ...', {
			'a.py': 'def f(b, a): ...',
			'b.py': 'from a import f\ng = f\n',
			'c.py': 'from b import g\ng(1, 2)\n',
		});
		assert.deepEqual(texts, ['from a import f\ng = f\n', 'from b import g\ng(2, 1)\n']);
	});

	it('lambdas that stand for a method of Java, also in files that do not name it', async () => {
		const { dependents } = await others('java', 'package p;\npublic interface F { int of(int a); }', {
			'p/F.java': 'package p;\npublic interface F { int of(int a, int b); }',
			'p/Box.java': 'package p;\npublic class Box { F f; public void each(String s, F f) {} Box(F f) { this.f = n -> n; } }',
			'p/One.java': 'package p;\nclass One { void g(Box box) { box.each("x", n -> n); box.each("y", One::h); new Box(n -> n); } }',
			'p/Two.java': 'package p;\nclass Two { void g() { make().each("x", n -> n); make().each(n -> n, "x"); other(n -> n); } }',
		});
		const found = dependents.map(({ path, kind, class: sure }) => `${path} ${kind} ${sure}`);
		assert.deepEqual(found, [
			'p/Box.java implementation W',
			'p/One.java implementation W',
			'p/One.java implementation W',
			'p/One.java implementation W',
			'p/Two.java possible W',
		]);
	});

	it('a type file beside the code', async () => {
		const { texts } = await others('python', 'def f(a, b): ...', { 'a.py': 'def f(a, b, c=1): ...', 'a.pyi': 'def f(a, b): ...\n' });
		assert.deepEqual(texts, ['def f(a, b, c=1): ...\n']);
	});
});
