import assert from 'node:assert/strict';
import { languageOf } from '../../src/completion/language.ts';
import { isSource } from '../../src/tracking/disk-files.ts';
import { planned } from '../signature-plan.ts';

const before = 'namespace App;\nclass Store { public static int Load() => 1; }\n';
const after =
	'using System.Threading.Tasks;\nnamespace App;\nclass Store { public static async Task<int> Load() { await Task.Yield(); return 1; } }\n';
const caller = 'namespace App;\nclass Shop { int Sum() => Store.Load() + 1; }\n';

/** What a caller's result becomes, with these files beside it. */
async function resultIn(others: Readonly<Record<string, string>>, text = caller): Promise<string> {
	const files = { 'src/Shop/Shop.cs': text, ...others };
	const edited = Object.entries(files).map(([path, own]) => ({ path, languageId: languageOf(path), before: own, after: own }));
	const { texts } = await planned([{ path: 'src/Shop/Store.cs', languageId: 'csharp', before, after }, ...edited]);
	return /async (\S+) Sum\(\)/.exec(texts.get('src/Shop/Shop.cs') ?? '')?.[1] ?? '';
}

const short = 'Task<int>';
const whole = 'System.Threading.Tasks.Task<int>';
const enabled =
	'<Project Sdk="Microsoft.NET.Sdk">\n<PropertyGroup>\n<ImplicitUsings>enable</ImplicitUsings>\n</PropertyGroup>\n</Project>\n';
const disabled = enabled.replace('enable', 'disable');

describe('a C# function that becomes asynchronous gives back a task by a name that its file knows', () => {
	const pictures: readonly (readonly [string, string, Readonly<Record<string, string>>, string?])[] = [
		['its whole name, where nothing says otherwise', whole, {}],
		['what the file uses', short, {}, `using System.Threading.Tasks;\n${caller}`],
		['what the file uses in a namespace', short, {}, caller.replace('App;', 'App\n{\n    using System.Threading.Tasks;').concat('}\n')],
		['another part of the namespace is used', whole, {}, `using System.Threading;\n${caller}`],
		['what the file says already', short, {}, caller.replace('int Sum', 'void Log(Task done) {} int Sum')],
		['what only a comment says', whole, {}, `// Task<int> would be better\n${caller}`],
		['what every file uses', short, { 'src/Shop/Usings.cs': 'global using System.Threading.Tasks;\n' }],
		['a project with the usual namespaces', short, { 'src/Shop/Shop.csproj': enabled }],
		['a project without them', whole, { 'src/Shop/Shop.csproj': disabled }],
		['a project that has this one', short, { 'src/Shop/Shop.csproj': '<Project><Using Include="System.Threading.Tasks" /></Project>' }],
		['another project', whole, { 'src/Other/Other.csproj': enabled }],
		['the nearest project', whole, { 'src/Shop/Shop.csproj': disabled, 'All.csproj': enabled }],
		['what projects share', short, { 'src/Shop/Shop.csproj': '<Project />', 'Directory.Build.props': enabled }],
		['a project that differs from what others share', whole, { 'src/Shop/Shop.csproj': disabled, 'Directory.Build.props': enabled }],
		[
			'what every file of another project uses',
			whole,
			{
				'src/Shop/Shop.csproj': '<Project />',
				'src/Other/Other.csproj': '<Project />',
				'src/Other/U.cs': 'global using System.Threading.Tasks;',
			},
		],
		['a Task of its own', whole, { 'src/Shop/Shop.csproj': enabled, 'src/Shop/Task.cs': 'namespace App; class Task {}\n' }],
	];
	for (const [what, expected, others, text] of pictures)
		it(`${what}: ${expected}`, async () => assert.equal(await resultIn(others, text), expected));

	it('reads projects where C# is read, and not elsewhere', () => {
		for (const path of ['a/b.csproj', 'Directory.Build.props', 'a/Directory.Build.props']) {
			assert.ok(isSource(path, new Set(['csharp'])), path);
			assert.ok(!isSource(path, new Set(['python'])), path);
		}
		assert.ok(!isSource('a/b.xml', new Set(['csharp'])));
	});
});
