import assert from 'node:assert/strict';
import { afterEdit, ghostOf } from '../../bench/editor/suggestion.ts';

/** The document with the cursor, what is suggested from there on in place of so many characters, one edit, and the ghost text then. */
const table: readonly [what: string, before: string, text: string, replaces: number, after: string, ghost: string | undefined][] = [
	['what is typed is left out', 'x = |', 'foo();', 0, 'x = f|', 'oo();'],
	['all of it typed leaves nothing', 'x = |', 'fo', 0, 'x = fo|', undefined],
	['something else hides it', 'x = |', 'foo();', 0, 'x = b|', undefined],
	['a closer that the editor adds is left out', 'foo|', '(a, b);', 0, 'foo(|)', 'a, b;'],
	['a closer that was there, too', 'foo(|)', 'a, b);', 1, 'foo(a|)', ', b;'],
	['Enter between braces keeps what comes there', 'f() {|}', '\n\ta();\n}', 1, 'f() {\n\t|\n}', 'a();'],
	['erasing what was there before hides it', 'x = |', 'foo();', 0, 'x =|', undefined],
];

/** From the first difference to the last. */
function editBetween(before: string, after: string, cursor: number) {
	let start = 0;
	while (start < before.length && start < after.length && before[start] === after[start]) start++;
	let end = 0;
	while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
	const change = { offset: start, removed: before.length - start - end, text: after.slice(start, after.length - end) };
	return { kind: 'edit', at: 0, path: '', changes: [change], cursor } as const;
}

describe('ghost text in the stand-in for VS Code', () => {
	for (const [what, before, text, replaces, after, ghost] of table) {
		it(what, () => {
			const start = before.indexOf('|');
			const cursor = after.indexOf('|');
			const edit = editBetween(before.replace('|', ''), after.replace('|', ''), cursor);
			const left = afterEdit({ start, end: start + replaces, text }, edit);
			assert.equal(left && ghostOf(left, after.replace('|', ''), cursor), ghost);
		});
	}
});
