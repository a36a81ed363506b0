import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Grammars } from '../../src/grammar/grammars.ts';
import type { Parse } from '../../src/grammar/syntax.ts';
import { languages } from '../../src/signature/languages/all.ts';
import { Outlines } from '../../src/signature/outlines.ts';
import { Project } from '../../src/signature/project.ts';
import { WorkspaceSignatures } from '../../src/tracking/workspace-signatures.ts';
import { grammarFolder } from '../grammars.ts';
import { TemporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';

/** They tell of each text that is parsed. */
class ObservedGrammars extends Grammars {
	readonly parsed: string[] = [];

	constructor() {
		super(grammarFolder);
	}

	override async parser(languageId: string): Promise<Parse | undefined> {
		const parse = await super.parser(languageId);
		return (
			parse &&
			((text) => {
				this.parsed.push(text);
				return parse(text);
			})
		);
	}
}

describe('what is read of files for plans', () => {
	it('is read once of a text, and again of another one or for other names', async () => {
		const grammars = new ObservedGrammars();
		const parse = await grammars.parser('typescript');
		const outlines = new Outlines();
		const declared = (text: string, ...names: string[]) => {
			const file = { path: 'a.ts', languageId: 'typescript', text };
			const project = new Project([file], languages, () => parse, outlines);
			grammars.parsed.length = 0;
			const { declarations } = (names.length > 0 ? project.about(new Set(names)) : project).outlineOf(file) ?? {};
			return [grammars.parsed.length > 0 ? 'read' : 'known', ...(declarations ?? []).map(({ name }) => name)];
		};
		const [one, other] = ['function f() {}\nfunction g() {}\n', 'function f() {}\nfunction h() {}\n'];
		assert.deepEqual(declared(one), ['read', 'f', 'g']);
		assert.deepEqual(declared(one), ['known', 'f', 'g']);
		assert.deepEqual(declared(one, 'f'), ['read', 'f']);
		assert.deepEqual(declared(one, 'f'), ['known', 'f']);
		assert.deepEqual(declared(one), ['known', 'f', 'g']);
		assert.deepEqual(declared(other), ['read', 'f', 'h']);
		assert.deepEqual(declared(other, 'f'), ['read', 'f']);
		assert.deepEqual(declared(one), ['read', 'f', 'g']);
		outlines.release();
		assert.deepEqual(declared(one), ['read', 'f', 'g']);
	});

	it('is read while somebody types, where the name is mentioned', async () => {
		await using folder = await TemporaryFolder.create();
		const texts = {
			'add.ts': 'export function add(a: number) {}\n',
			'calls.ts': "import { add } from './add';\nadd(1);\n",
			'other.ts': 'export const nothing = 1;\n',
		};
		for (const [name, text] of Object.entries(texts)) await writeFile(join(folder.path, name), text);
		const grammars = new ObservedGrammars();
		const signatures = new WorkspaceSignatures(grammars, undefined, () => {});
		await signatures.take({ kind: 'folders', folders: [{ root: folder.path, exclude: [] }] });
		const path = join(folder.path, 'add.ts');
		await signatures.take({ kind: 'open', path, languageId: 'typescript', text: texts['add.ts'] });
		assert.ok(!grammars.parsed.includes(texts['calls.ts']));
		await signatures.take({ kind: 'edit', path, edits: [{ start: 29, end: 29, newText: ',' }], origin: 'typed' });
		await until(() => grammars.parsed.includes(texts['calls.ts']));
		await signatures.plan();
		assert.ok(!grammars.parsed.includes(texts['other.ts']));
	});
});
