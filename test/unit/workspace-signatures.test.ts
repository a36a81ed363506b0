import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fillEdits } from '../../src/signature/hole.ts';
import { languages } from '../../src/signature/languages/all.ts';
import { applyEdits } from '../../src/signature/text-edit.ts';
import { trackedLanguages } from '../../src/tracking/language-ids.ts';
import type { PlannedChange, TrackingOrder, TrackingPlan, TrackingReport } from '../../src/tracking/wire.ts';
import { WorkspaceSignatures } from '../../src/tracking/workspace-signatures.ts';
import { grammars } from '../grammars.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

type Files = Readonly<Record<string, string>>;

/** A folder with files, of which one is open with the cursor at its `|`. */
class Workspace {
	readonly root: string;
	readonly reports: TrackingReport[] = [];
	readonly #signatures: WorkspaceSignatures;

	constructor(root: string, storage?: string) {
		this.root = root;
		this.#signatures = new WorkspaceSignatures(grammars, storage, (report) => this.reports.push(report));
	}

	static async with(root: string, files: Files, storage?: string): Promise<Workspace> {
		const workspace = new Workspace(root, storage);
		for (const [path, text] of Object.entries(files)) await workspace.write(path, text.replace('|', ''));
		await workspace.take({ kind: 'folders', folders: [{ root: workspace.root, exclude: [] }] });
		for (const [path, text] of Object.entries(files)) if (text.includes('|')) await workspace.open(path, text.replace('|', ''));
		return workspace;
	}

	take(order: TrackingOrder) {
		return this.#signatures.take(order);
	}

	async write(path: string, text: string) {
		await mkdir(dirname(join(this.root, path)), { recursive: true });
		await writeFile(join(this.root, path), text);
	}

	async open(path: string, text: string, languageId = path.endsWith('.py') ? 'python' : 'typescript') {
		await this.take({ kind: 'open', path: join(this.root, path), languageId, text });
	}

	async edit(path: string, start: number, end: number, newText: string, origin: 'typed' | 'undone' | 'ours' = 'typed') {
		await this.take({ kind: 'edit', path: join(this.root, path), edits: [{ start, end, newText }], origin });
	}

	/** The plan for all that changed. */
	async plan(): Promise<TrackingPlan> {
		await this.#signatures.plan();
		const plan = this.reports.findLast((report) => report.kind === 'plan' && !report.isPartial);
		assert.equal(plan?.kind, 'plan');
		assert.ok(plan);
		return plan;
	}

	/** What there is to do, a line each. */
	describe({ changes }: TrackingPlan): string[] {
		return changes.flatMap(({ before, after, origin, dependents }) => [
			`${origin} ${before} → ${after}`,
			...dependents.map(({ class: sure, path, range, edits }) =>
				`${sure} ${path.slice(this.root.length + 1)}:${range.start.line + 1} ${edits.map(({ newText }) => newText.replace(/\uE000\d+\uE001/, '?')).join(' ')}`.trim(),
			),
		]);
	}
}

const add = 'export function add(a: number|) {\n\treturn a;\n}\n';
const calls = "import { add } from './add';\nconst total = 1;\nadd(total);\n";

describe('the signatures of a workspace', () => {
	let workspace: Workspace;
	const folders: TemporaryFolder[] = [];
	const newFolder = async () => {
		const folder = await TemporaryFolder.create();
		folders.push(folder);
		return folder.path;
	};
	const open = async (files: Files, storage?: string) => Workspace.with(await newFolder(), files, storage);

	after(async () => {
		for (const folder of folders) await folder[Symbol.asyncDispose]();
	});

	it('plans what the callers of a typed change need, in every file', async () => {
		workspace = await open({
			'add.ts': add,
			'calls.ts': calls,
			'other.ts': 'function add() {}\nadd();\n',
			'lib/deep.ts': "import { add as plus } from '../add';\nexport const three = plus(3);\n",
		});
		await workspace.edit('add.ts', add.indexOf('|'), add.indexOf('|'), ', b?: number');
		assert.deepEqual(workspace.describe(await workspace.plan()), [
			'typed add(a: number) → add(a: number, b?: number)',
			'D calls.ts:3',
			'D lib/deep.ts:2',
		]);
		await workspace.edit('add.ts', add.indexOf('|') + 3, add.indexOf('|') + 4, '');
		assert.deepEqual(workspace.describe(await workspace.plan()), [
			'typed add(a: number) → add(a: number, b: number)',
			'L calls.ts:3 , ?',
			'L lib/deep.ts:2 , ?',
		]);
	});

	it('asks for the references at the first keystroke, and believes them', async () => {
		workspace = await open({
			'add.ts': 'export class C { add(a: number|) {} }\n',
			'calls.ts': "import { make } from 'elsewhere';\nmake().add(1);\nmake().add(2);\n",
		});
		const at = 'export class C { add(a: number'.length;
		await workspace.edit('add.ts', at, at, ', b = 1, c: string');
		const begun = workspace.reports.find((report) => report.kind === 'begun');
		assert.deepEqual(begun?.at, { line: 0, character: 17 });
		assert.match(workspace.describe(await workspace.plan()).join('\n'), /^W calls.ts:2$/m);
		await workspace.take({
			kind: 'references',
			change: begun?.change ?? '',
			places: [
				{ path: join(workspace.root, 'calls.ts'), line: 1, character: 7 },
				{ path: join(workspace.root, 'page.vue'), line: 4, character: 2 },
			],
		});
		const said = workspace.describe(await workspace.plan());
		assert.match(said.join('\n'), /^L calls.ts:2 .*\?/m);
		assert.match(said.join('\n'), /^W calls.ts:3$/m);
		assert.match(said.join('\n'), /^W page.vue:5$/m);
	});

	it('believes that a method belongs to the changed one, where nothing in the text says so', async () => {
		const shape = 'export interface Shape { grow(by: number|): void }\n';
		workspace = await open({
			'shape.ts': shape,
			'round.ts': "import { Shape } from './shape';\nexport class Round { grow(by: number) {} }\n",
		});
		await workspace.edit('shape.ts', shape.indexOf('|'), shape.indexOf('|'), ', to: number');
		assert.equal(workspace.describe(await workspace.plan()).length, 1);
		const begun = workspace.reports.find((report) => report.kind === 'begun');
		const places = [{ path: join(workspace.root, 'round.ts'), line: 1, character: 21 }];
		await workspace.take({ kind: 'references', change: begun?.change ?? '', places });
		assert.equal(workspace.describe(await workspace.plan())[1], 'C round.ts:2 , to: number');
	});

	it('lists what only a language server can read, and nothing where the text is another by now', async () => {
		const text = "const names = ['add'];\n// run: add\nconst g = (n) => n;\n";
		workspace = await open({ 'add.ts': add, 'calls.ts': calls, 'odd.ts': text });
		await workspace.edit('add.ts', add.indexOf('|'), add.indexOf('|'), ', b: number');
		const begun = workspace.reports.find((report) => report.kind === 'begun');
		const at = (path: string, line: number, character: number) => ({ path: join(workspace.root, path), line, character });
		const places = [
			at('calls.ts', 0, 9),
			at('calls.ts', 2, 0),
			at('odd.ts', 1, 8),
			at('odd.ts', 0, 6),
			at('odd.ts', 9, 0),
			{ ...at('odd.ts', 2, 10), isImplementation: true },
		];
		await workspace.take({ kind: 'references', change: begun?.change ?? '', places });
		assert.deepEqual(workspace.describe(await workspace.plan()).slice(1), ['L calls.ts:3 , ?', 'W odd.ts:2', 'W odd.ts:3']);
	});

	it('lists what calls a caller that had to become asynchronous, also once that is done', async () => {
		const wait = 'export |function wait() { return 1; }\n';
		const text = "import { wait } from './wait';\nfunction a() { return wait(); }\nfunction b() { return a() + 1; }\n";
		workspace = await open({ 'wait.ts': wait, 'calls.ts': `${text}|` });
		await workspace.edit('wait.ts', wait.indexOf('|'), wait.indexOf('|'), 'async ');
		assert.deepEqual(workspace.describe(await workspace.plan()).slice(1), ['C calls.ts:2 await  async', 'C calls.ts:3 await  async']);
		await workspace.edit('calls.ts', text.indexOf('wait()'), text.indexOf('wait()'), 'await ', 'ours');
		await workspace.edit('calls.ts', text.indexOf('function a'), text.indexOf('function a'), 'async ', 'ours');
		const { changes } = await workspace.plan();
		const left = changes[0]?.dependents.filter(({ edits }) => edits.length > 0).map(({ range, reason }) => `${range.start.line} ${reason}`);
		assert.deepEqual(left, ['2 a is asynchronous now. b has to be asynchronous as well, and so has what calls that.']);
	});

	it('never edits what cannot be written or nobody wrote', async () => {
		workspace = await open({
			'add.ts': add,
			'calls.ts': calls,
			'made.ts': `// Code generated by a tool. DO NOT EDIT.\n${calls}`,
			'vendor/v.ts': calls.replace('./add', '../add'),
			'bundle.min.js': calls,
			'calls_pb.js': calls,
		});
		await chmod(join(workspace.root, 'calls.ts'), 0o444);
		await workspace.edit('add.ts', add.indexOf('|'), add.indexOf('|'), ', b: number');
		const { changes, fingerprints } = await workspace.plan();
		assert.deepEqual(
			changes
				.flatMap(({ dependents }) => dependents.map(({ class: sure, edits, reason }) => `${sure} ${edits.length} ${reason.split('.')[0]}`))
				.toSorted(),
			[
				'W 0 The file is from somebody else',
				'W 0 The file is generated',
				'W 0 The file is generated',
				'W 0 The file is generated',
				'W 0 The file is read-only',
			],
		);
		assert.deepEqual([...fingerprints.keys()], [join(workspace.root, 'add.ts')]);
	});

	it('edits a project that is itself in a folder of others', async () => {
		workspace = await Workspace.with(join(await newFolder(), 'vendor', 'mine'), { 'add.ts': add, 'calls.ts': calls });
		await workspace.edit('add.ts', add.indexOf('|'), add.indexOf('|'), ', b: number');
		assert.deepEqual(workspace.describe(await workspace.plan()).slice(1), ['L calls.ts:3 , ?']);
	});

	it('gives a new parameter what somebody chose, as certain as that', async () => {
		workspace = await open({ 'add.ts': add, 'calls.ts': calls });
		await workspace.edit('add.ts', add.indexOf('|'), add.indexOf('|'), ', total: number');
		const [change] = (await workspace.plan()).changes;
		assert.deepEqual(change?.added, [{ name: 'total', type: 'number' }]);
		const said = async (kind: 'variable' | 'hole') => {
			await workspace.take({ kind: 'values', change: change?.id ?? '', values: { total: { kind } } });
			return workspace.describe(await workspace.plan())[1];
		};
		assert.equal(await said('variable'), 'C calls.ts:3 , total');
		assert.equal(await said('hole'), 'L calls.ts:3 , ?');
		await workspace.take({ kind: 'values', change: change?.id ?? '', values: { total: { kind: 'expression', text: '42' } } });
		assert.equal(workspace.describe(await workspace.plan())[1], 'D calls.ts:3 , 42');
	});

	it('says whether what somebody wants to give is one expression', async () => {
		workspace = await open({});
		const whyNot = async (languageId: string, text: string) => {
			await workspace.take({ kind: 'check', request: 7, languageId, text });
			const report = workspace.reports.at(-1);
			return report?.kind === 'checked' && report.request === 7 ? (report.refusal ?? 'nothing') : undefined;
		};
		assert.equal(await whyNot('typescript', '[1, 2]'), 'nothing');
		assert.equal(await whyNot('rust', '1, 2'), '“1, 2” is more than one expression.');
		assert.equal(await whyNot('markdown', '1'), 'Nobody can check an expression of this language.');
	});

	it('has questions for a model, and judges what it says, as long as the texts are what they were', async () => {
		const listed = { '.co-cloneignore': 'listed.ts\n', 'listed.ts': `|${calls}` };
		workspace = await open({ 'add.ts': add, 'calls.ts': calls, ...listed });
		await workspace.edit('add.ts', add.indexOf('|'), add.indexOf('|'), ', scale: number');
		const { holes } = await workspace.plan();
		const [hole = -1] = [...holes.keys()];
		assert.deepEqual(
			[...holes.values()].map(({ name }) => name),
			['scale'],
		);
		await workspace.take({ kind: 'ask', request: 1, holes: [hole] });
		const asked = workspace.reports.at(-1);
		assert.equal(asked?.kind, 'questions');
		assert.equal(asked?.kind === 'questions' ? asked.questions[0]?.before.endsWith('add(total, ') : '', true);
		const judged = async (request: number, text: string) => {
			await workspace.take({ kind: 'judge', request, hole, text });
			const report = workspace.reports.at(-1);
			return report?.kind === 'judged' ? report.verdict : undefined;
		};
		assert.deepEqual(await judged(1, 'total'), { value: 'total' });
		assert.deepEqual(await judged(1, 'unheard'), { refusal: 'unheard is not known there.' });
		assert.deepEqual(await judged(0, 'total'), { refusal: 'The file was changed meanwhile.' });
		await workspace.write('calls.ts', `// typed meanwhile\n${calls}`);
		await workspace.take({ kind: 'ask', request: 2, holes: [hole] });
		const again = workspace.reports.at(-1);
		assert.deepEqual(again?.kind === 'questions' && [again.questions.length, again.refused.length], [0, 1]);
	});

	it('is done when all was edited, and not any more when that is undone', async () => {
		workspace = await open({
			'add.ts': 'export function add(a: number, b: number|) {}\n',
			'calls.ts': `${calls.replace('add(total)', 'add(total, 1)')}|`,
		});
		await workspace.edit('add.ts', 29, 40, '');
		const text = calls.replace('add(total)', 'add(total, 1)');
		const { changes, holes } = await workspace.plan();
		const edits = changes[0]?.dependents[0]?.edits ?? [];
		assert.deepEqual(fillEdits([{ start: 0, end: 0, newText: edits[0]?.newText ?? '?' }], holes), [{ start: 0, end: 0, newText: '' }]);
		const at = text.indexOf(', 1');
		assert.equal(applyEdits(text, [{ start: at, end: at + 3, newText: '' }]), calls);
		await workspace.edit('calls.ts', at, at + 3, '', 'ours');
		await workspace.take({ kind: 'applied', paths: [] });
		assert.deepEqual(workspace.describe(await workspace.plan()), ['typed add(a: number, b: number) → add(a: number)', 'D calls.ts:3']);
		assert.deepEqual(workspace.describe(await workspace.plan()), []);
		await workspace.edit('calls.ts', at, at, ', 1', 'undone');
		assert.deepEqual(workspace.describe(await workspace.plan()).slice(1), ['D calls.ts:3']);
	});

	it('hears no more of what was dismissed, until it is another change', async () => {
		workspace = await open({ 'add.ts': add, 'calls.ts': calls });
		await workspace.edit('add.ts', add.indexOf('|'), add.indexOf('|'), ', b: number');
		const [change] = (await workspace.plan()).changes;
		await workspace.take({ kind: 'forget', change: change?.id ?? '' });
		assert.deepEqual(workspace.describe(await workspace.plan()), []);
		await workspace.edit('add.ts', add.indexOf('|') + 11, add.indexOf('|') + 11, ', c: number');
		assert.equal(workspace.describe(await workspace.plan())[0], 'typed add(a: number, b: number) → add(a: number, b: number, c: number)');
	});

	it('hears no more of it after the next start either, and forgets what was dismissed long ago', async () => {
		const storage = await newFolder();
		const dismissing = async (name: string) => {
			const text = `export function ${name}(a: number|) {}\n`;
			await workspace.open('add.ts', text.replace('|', ''));
			await workspace.edit('add.ts', text.indexOf('|'), text.indexOf('|'), ', b: number');
			return (await workspace.plan()).changes[0];
		};
		workspace = await open({ 'add.ts': '', 'calls.ts': '' }, storage);
		const change = await dismissing('add');
		await workspace.take({ kind: 'forget', change: change?.id ?? '' });
		workspace = await Workspace.with(workspace.root, { 'add.ts': '', 'calls.ts': '' }, storage);
		await workspace.take({ kind: 'plan' });
		assert.equal(await dismissing('add'), undefined);
		for (let index = 0; index < 200; index++) await workspace.take({ kind: 'forget', change: `other ${index}` });
		workspace = await Workspace.with(workspace.root, { 'add.ts': '', 'calls.ts': '' }, storage);
		assert.ok(await dismissing('add'));
	});

	it('compares with a revision what nobody typed here', async () => {
		workspace = await open({ 'add.ts': add.replace('a: number', 'a: number, b: number'), 'calls.ts': calls });
		await workspace.take({
			kind: 'earlier',
			texts: [{ path: join(workspace.root, 'add.ts'), languageId: 'typescript', text: add.replace('|', '') }],
		});
		assert.deepEqual(workspace.describe(await workspace.plan()), [
			'outside add(a: number) → add(a: number, b: number)',
			'L calls.ts:3 , ?',
		]);
	});

	it('shows what one edit did to several signatures, and does not say that it was typed', async () => {
		const two = 'export function add(a: number) {}\nexport function sub(a: number) {}\n|';
		workspace = await open({ 'add.ts': two, 'calls.ts': calls });
		const edits = [...two.matchAll(/a: number/g)].map(({ index }) => ({ start: index, end: index + 9, newText: 'a: number, b: number' }));
		await workspace.take({ kind: 'edit', path: join(workspace.root, 'add.ts'), edits, origin: 'typed' });
		assert.deepEqual(
			workspace.describe(await workspace.plan()).filter((line) => line.includes('add')),
			['outside add(a: number) → add(a: number, b: number)'],
		);
	});

	it('scans every function, and compares with that after the next start', async () => {
		const storage = await newFolder();
		workspace = await open(
			{ 'add.ts': add.replace('|', ''), 'calls.ts': calls, 'm.py': 'class C:\n    def m(self, a):\n        pass\n' },
			storage,
		);
		await workspace.take({ kind: 'scan' });
		const scanned = workspace.reports.findLast((report) => report.kind === 'functions');
		assert.deepEqual(
			scanned?.functions.map(({ path, written, line }) => `${path.slice(workspace.root.length + 1)}:${line + 1} ${written}`),
			['add.ts:1 add(a: number)', 'm.py:2 C.m(self, a)'],
		);
		await workspace.write('add.ts', add.replace('|', ', b: number'));
		const next = new Workspace(workspace.root, storage);
		await next.take({ kind: 'folders', folders: [{ root: workspace.root, exclude: [] }] });
		assert.deepEqual(next.describe(await next.plan()), ['outside add(a: number) → add(a: number, b: number)', 'L calls.ts:3 , ?']);
	});

	it('is told of the texts in the languages that are understood, and of no others', () => {
		const understood = languages.flatMap(({ ids }) => ids);
		assert.deepEqual([...trackedLanguages].toSorted(), understood.toSorted());
	});

	it('keeps what is to be done for a text that was saved and closed, until others write the file', async () => {
		workspace = await open({ 'add.ts': add, 'calls.ts': calls });
		await workspace.edit('add.ts', add.indexOf('|'), add.indexOf('|'), ', b: number');
		const text = add.replace('|', ', b: number');
		await workspace.write('add.ts', text);
		assert.equal(workspace.describe(await workspace.plan()).length, 2);
		const path = join(workspace.root, 'add.ts');
		await workspace.take({ kind: 'close', path });
		assert.equal(workspace.describe(await workspace.plan()).length, 2);
		await workspace.write('add.ts', `// new\n${text}`);
		await workspace.take({ kind: 'disk', paths: [path], isOther: false });
		assert.deepEqual(workspace.describe(await workspace.plan()), []);
	});

	it('takes for outside what was read from the disk anew', async () => {
		workspace = await open({ 'add.ts': add, 'calls.ts': calls });
		await workspace.edit('add.ts', add.indexOf('|'), add.indexOf('|'), ', b: number');
		await workspace.take({ kind: 'read', path: join(workspace.root, 'add.ts') });
		assert.equal(workspace.describe(await workspace.plan())[0], 'outside add(a: number) → add(a: number, b: number)');
	});

	it('leaves out what Git ignores', async () => {
		workspace = await open({ '.gitignore': 'build/\n', 'add.ts': add, 'build/calls.ts': calls.replace('./add', '../add') });
		await workspace.edit('add.ts', add.indexOf('|'), add.indexOf('|'), ', b: number');
		assert.deepEqual(workspace.describe(await workspace.plan()), ['typed add(a: number) → add(a: number, b: number)']);
	});

	it('counts lines and columns as the editor does, with Windows line ends, tabs and text beyond the first plane', async () => {
		const text = `${calls.replaceAll('\n', '\r\n')}\tconst s = '😀' + add(1);\r\n`;
		workspace = await open({ 'add.ts': add, 'calls.ts': text });
		await workspace.edit('add.ts', add.indexOf('|'), add.indexOf('|'), ', b: number');
		const last = (await workspace.plan()).changes[0]?.dependents.at(-1) satisfies PlannedChange['dependents'][number] | undefined;
		assert.deepEqual(last?.edits[0]?.range.start, { line: 3, character: "\tconst s = '😀' + add(1".length });
	});
});
