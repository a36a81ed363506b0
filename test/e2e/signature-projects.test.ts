import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { languageOf } from '../../src/completion/language.ts';
import { holesIn } from '../../src/signature/hole.ts';
import type { EditedProject } from '../edited-project.ts';
import { pyright } from '../pyright.ts';
import { pythonProjects } from '../python-projects.ts';
import { planned } from '../signature-plan.ts';
import { TemporaryFolder } from '../temporary-folder.ts';
import { typescriptProjects } from '../typescript-projects.ts';

type Files = ReadonlyMap<string, string>;
type Projects = Readonly<Record<string, EditedProject>>;

const states = ['before', 'stale', 'after'] as const;

/** All files of a project once its signature is another and every edit is made. */
async function updated({ files, edits }: EditedProject): Promise<Files> {
	const [declaring] = Object.keys(files);
	const edited = Object.entries(files).map(([path, before]) => {
		const after = path === declaring ? edits.reduce((text, [from, to]) => text.replace(from, to), before) : before;
		return { path, languageId: languageOf(path), before, after };
	});
	const { texts } = await planned(edited);
	assert.deepEqual([...texts.values()].flatMap(holesIn), []);
	return texts;
}

async function write(folder: string, files: Files) {
	for (const [path, text] of files) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
	}
}

function stateOf(files: Files, { edits }: EditedProject): Files {
	const [[path, text] = ['', '']] = files;
	return new Map([...files, [path, edits.reduce((sofar, [from, to]) => sofar.replace(from, to), text)]]);
}

/** Each project in three folders: as it was, with the signature edited only, and with all that depends on it. */
async function writeAll(folder: string, projects: Projects): Promise<string[]> {
	const all = Object.values(projects).map(async (project, index) => {
		const before = new Map(Object.entries(project.files));
		const texts = { before, stale: stateOf(before, project), after: await updated(project) };
		for (const state of states) await write(join(folder, `${state}-${index}`), texts[state]);
		return states.map((state) => `${state}-${index}`);
	});
	return (await Promise.all(all)).flat();
}

function tsc(folder: string): readonly string[] {
	const script = resolve('node_modules', 'typescript', 'bin', 'tsc');
	const { stdout } = spawnSync(process.execPath, [script, '-p', folder, '--pretty', 'false'], { cwd: folder, encoding: 'utf8' });
	return stdout.split('\n').filter((line) => /: error /.test(line));
}

/** What types tell when arguments changed places: much of it would run as it was. */
describe('the types of a project fit before its signature is edited and after all edits', () => {
	const checkers: Readonly<Record<string, readonly [Projects, (folder: string, roots: readonly string[]) => Promise<readonly string[]>]>> =
		{
			'Python, by pyright': [
				pythonProjects,
				async (folder, roots) => {
					const environments = roots.map((root) => ({ root }));
					await writeFile(join(folder, 'pyrightconfig.json'), JSON.stringify({ executionEnvironments: environments }));
					return pyright(folder);
				},
			],
			'TypeScript, by its compiler': [
				typescriptProjects,
				async (folder) => {
					const options = { noEmit: true, strict: true, module: 'nodenext', target: 'es2022', types: [], lib: ['es2022', 'dom'] };
					await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
					await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
					return tsc(folder);
				},
			],
		};
	for (const [language, [projects, check]] of Object.entries(checkers)) {
		it(language, async function () {
			this.timeout(60_000);
			await using folder = await TemporaryFolder.create();
			const errors = await check(folder.path, await writeAll(folder.path, projects));
			const names = Object.keys(projects);
			const wrong = (state: string, index: number) => errors.filter((error) => error.includes(`${state}-${index}/`));
			const refused = names.map((name, index) => [name, [...wrong('before', index), ...wrong('after', index)]] as const);
			assert.deepEqual(
				refused.filter(([, said]) => said.length > 0),
				[],
			);
			// Most would not be accepted as they are: else this would show nothing.
			const noticed = names.filter((_, index) => wrong('stale', index).length > 0);
			console.log(`      ${names.length} projects; in ${noticed.length} it is noticed what is out of date`);
			assert.ok(noticed.length > names.length / 2);
		});
	}
});
