import assert from 'node:assert/strict';
import { window } from 'vscode';
import { Document } from '../../bench/editor/document.ts';
import { host, Position, Selection } from '../../bench/editor/vscode.ts';
import { requestAt } from '../../src/vscode/request-at.ts';

describe('the place of a cursor', () => {
	afterEach(() => {
		host.activeEditor = undefined;
	});

	const options: [what: string, options: { insertSpaces: boolean; indentSize: number } | undefined, unit: string | undefined][] = [
		['two spaces', { insertSpaces: true, indentSize: 2 }, '  '],
		['a tab', { insertSpaces: false, indentSize: 4 }, '\t'],
		['nothing known', undefined, undefined],
	];
	for (const [what, editorOptions, unit] of options) {
		it(`says what the editor indents with: ${what}`, () => {
			const cursor = new Position(0, 4);
			const selection = new Selection(cursor, cursor);
			host.activeEditor = {
				document: new Document('/a.ts', 'a();\n'),
				selection,
				selections: [selection],
				...(editorOptions && { options: editorOptions }),
			};
			const editor = window.activeTextEditor;
			assert.ok(editor);
			assert.equal(requestAt(editor.document, editor.selection.active, 'automatic').indentUnit, unit);
		});
	}
});
