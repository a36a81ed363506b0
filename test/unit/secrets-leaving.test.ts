import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CodeIndex } from '../../src/context/code-index.ts';
import { EditTrail } from '../../src/context/edit-trail.ts';
import { ContextFinder, type Source } from '../../src/context/finder.ts';
import { indexOfFolder } from '../../src/context/folder-context.ts';
import { asSnippets, indexSources } from '../../src/context/index-sources.ts';
import { at } from '../picture.ts';
import { setUp } from '../scripted-engine.ts';
import type { ScriptedModel } from '../scripted-model.ts';
import { type Planted, planted } from '../secrets.ts';
import { Served } from '../served.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const never = new AbortController().signal;

/** What other programs send to a gateway, with secrets before the place, behind it, and in what they found elsewhere. */
const protocols: readonly (readonly [path: string, body: (before: string, after: string, other: string) => unknown])[] = [
	['/', (before, after) => ({ prompt: before, suffix: after, language: 'python' })],
	['/v1/completions', (before, after) => ({ prompt: before, suffix: after, max_tokens: 9 })],
	['/v1/completions', (before, after) => ({ prompt: `<|fim_prefix|>${before}<|fim_suffix|>${after}<|fim_middle|>`, max_tokens: 9 })],
	[
		'/v1/completions',
		(before, after, other) => ({
			language: 'python',
			segments: { prefix: before, suffix: after, relevant_snippets_from_changed_files: [{ filepath: 'o.py', body: other, score: 1 }] },
		}),
	],
	['/v1/chat/completions', (before) => ({ messages: [{ role: 'user', content: before }], max_tokens: 9 })],
	['/v1/fim/completions', (before, after) => ({ prompt: before, suffix: after, max_tokens: 9 })],
	[
		'/infill',
		(before, after, other) => ({
			input_prefix: before,
			input_suffix: after,
			input_extra: [{ filename: 'o.py', text: other }],
			n_predict: 9,
		}),
	],
	['/completion', (before, after) => ({ prompt: `<|fim_prefix|>${before}<|fim_suffix|>${after}<|fim_middle|>`, n_predict: 9 })],
	['/api/generate', (before, after) => ({ model: 'scripted', prompt: before, suffix: after, stream: false })],
	[
		'/api/generate',
		(before) => ({ model: 'scripted', prompt: `<|fim_prefix|>${before}<|fim_suffix|><|fim_middle|>`, raw: true, stream: false }),
	],
	[
		'/co-clone/complete',
		(before, after, other) => ({
			path: 'a.py',
			languageId: 'python',
			prefix: before,
			suffix: after,
			trigger: 'manual',
			context: [{ path: 'o.py', text: other }],
		}),
	],
];

function sentTo({ questions }: ScriptedModel): string {
	return questions.map(({ options }) => options.prompt + (options.suffix ?? '')).join('\n');
}

function assertNone(sent: string, { way, secret }: Planted): void {
	for (const line of secret.split('\n')) assert.ok(!sent.includes(line) && !sent.includes(JSON.stringify(line).slice(1, -1)), way);
}

describe('no byte of 50 secrets in 50 ways leaves for a model', () => {
	for (const [path, body] of protocols) {
		const kind = Object.keys(Object(body('', '', ''))).join(', ');
		it(`that is asked through a gateway: ${path} with ${kind}`, async () => {
			await using served = await Served.start(' a\n');
			for (const { text } of planted) {
				const response = await served.post(path, body(`${text}\na = 1\nreturn `, `\nb = 2\n${text}\n`, `c = 3\n${text}\n`));
				await response.text();
			}
			assert.ok(served.model.questions.length > planted.length / 2, `${served.model.questions.length} questions`);
			assert.ok(sentTo(served.model).includes('HIDDEN_SECRET'), 'what is around them is sent');
			for (const one of planted) assertNone(sentTo(served.model), one);
		});
	}

	describe('that is shown code from elsewhere', () => {
		const nameOf = ({ file }: Planted) => `near_${file.replaceAll(/\W/g, '_')}`;
		let folder: TemporaryFolder;
		let index: CodeIndex;

		before(async () => {
			folder = await TemporaryFolder.create();
			for (const one of planted) {
				const path = join(folder.path, one.file);
				await mkdir(dirname(path), { recursive: true });
				// The secret is next to what is asked for, and far from it.
				const name = nameOf(one);
				await writeFile(path, `function ${name}(plain) {}\n${one.text}\n${'\nx();'.repeat(40)}\nfunction ${name}(other) {}\n`);
			}
			index = indexOfFolder(folder.path);
		});
		after(() => folder[Symbol.asyncDispose]());

		/** What was just edited, and what was just looked at: a piece with a secret, and one without. */
		const pieces = (one: Planted) => [
			{ path: one.file, lines: [`function ${nameOf(one)}(changed) {`, ...one.text.split('\n'), '}'] },
			{ path: 'b.ts', lines: [`function ${nameOf(one)}(plain) {`, '\tlet a;', '\tlet b;', '}'] },
		];
		const edited = (one: Planted) => {
			const trail = new EditTrail();
			for (const { path, lines } of pieces(one)) {
				trail.saw(path, ['start();']);
				trail.settled(path, ['start();', ...lines]);
			}
			return trail.around('main.ts', 0);
		};
		const viewed = (one: Planted) =>
			pieces(one).map(({ path, lines }) => ({ path, startLine: 0, endLine: 9, text: lines.join('\n'), source: 'view' as const, score: 1 }));
		const source = (find: Source['find']): Source => ({ name: 'one', deadlineMs: 1000, find });
		const ways: Readonly<Record<string, (one: Planted) => Source | undefined>> = {
			'it declares a name': () => indexSources(index)[0],
			'it declares what is imported': () => indexSources(index)[1],
			'it is similar': () => indexSources(index)[2],
			'a problem names it': (one) =>
				source(async ({ path }, _, signal) =>
					asSnippets(await index.definitions([nameOf(one)], path, signal), [nameOf(one)], 'diagnostic'),
				),
			'it was edited': (one) => source(async () => edited(one)),
			'it was looked at': (one) => source(async () => viewed(one)),
		};

		for (const [why, sourceFor] of Object.entries(ways)) {
			it(`because ${why}`, async () => {
				let shown = 0;
				for (const one of planted) {
					const { model, engine } = setUp();
					model.answer = () => ' a;\n';
					const finder = new ContextFinder(
						[sourceFor(one)].filter((way) => way !== undefined),
						(_, error) => {
							throw error;
						},
					);
					const prefix = `import { ${nameOf(one)} } from './x';\nconst far = 1;\nreturn ${nameOf(one)}(`;
					const request = { ...at('|'), prefix, trigger: 'manual' as const };
					const context = await finder.gather({ request, repository: 'work', path: 'main.ts' }, 10, never);
					const { inquiry } = await engine.complete({ ...request, context }, never);
					shown += inquiry?.context.length ?? 0;
					assertNone(sentTo(model), one);
				}
				assert.ok(shown >= planted.length / 3, `${shown} pieces shown`);
			});
		}
	});
});
