import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { ParsedFile, Project } from '../project.ts';
import { folderOf } from './paths.ts';
import { isField } from './read.ts';

const namespace = 'System.Threading.Tasks';
const used = new RegExp(`^\\s*(?:global\\s+)?using\\s+${namespace.replaceAll('.', '\\.')}\\s*;`, 'm');
const usedEverywhere = new RegExp(`^\\s*global\\s+using\\s+${namespace.replaceAll('.', '\\.')}\\s*;`, 'm');

export function isTask(type: string): boolean {
	return /^(?:[\w.]+\.)?(?:Value)?Task\b/.test(type);
}

/** What a result becomes that has to be waited for. */
export function taskOf(type: string, task: string): string {
	return type === 'void' ? task : `${task}<${type}>`;
}

/** What a task is called in a file: its whole name compiles everywhere, and its short one where something says that it is known. */
export function taskIn(parsed: ParsedFile): string {
	const { file, project } = parsed;
	return project.known(`Task in ${file.path}`, () => isKnown(parsed)) ? 'Task' : `${namespace}.Task`;
}

function isKnown({ file, root, project }: ParsedFile): boolean {
	if (
		project.known('another Task', () => codeOf(project).some(({ text }) => /\b(?:class|struct|record|interface|enum)\s+Task\b/.test(text)))
	)
		return false;
	if (used.test(file.text) || (/\bTask\b/.test(file.text) && isMentioned(root))) return true;
	const own = projectOf(file.path, project);
	return isImplied(own, file.path, project) || isUsedEverywhere(own, project);
}

/** Its short name is the type of something there already. */
function isMentioned(root: SyntaxNode): boolean {
	return root.descendantsOfType('identifier').some((name) => {
		const path = name.parent?.type === 'generic_name' ? name.parent : name;
		return name.text === 'Task' && (isField(path, 'type') || isField(path, 'returns'));
	});
}

function codeOf(project: Project) {
	return [...project.files.values()].filter(({ languageId }) => languageId === 'csharp');
}

/** The project file of the nearest folder that has one. */
function projectOf(path: string, project: Project): string | undefined {
	const own = [...project.files.keys()].filter((other) => other.endsWith('.csproj') && isBelow(path, other));
	return own.toSorted((left, right) => folderOf(right).length - folderOf(left).length)[0];
}

/** Whether a file lies in the folder of another, or below it. */
function isBelow(path: string, other: string): boolean {
	const folder = folderOf(other);
	return folder === '' || path.startsWith(`${folder}/`);
}

/** A project may have it that the usual namespaces are used in all of its files; where it says nothing, what projects share says it. */
function isImplied(own: string | undefined, path: string, project: Project): boolean {
	const shared = project
		.named('Directory.Build.props')
		.filter((file) => isBelow(path, file.path))
		.toSorted((left, right) => right.path.length - left.path.length)
		.slice(0, 1);
	const texts = [...(own === undefined ? [] : [project.files.get(own)]), ...shared].flatMap((file) => (file ? [file.text] : []));
	const said = texts.flatMap((text) => /<ImplicitUsings>\s*(\w+)\s*</.exec(text)?.[1] ?? []);
	const isNamed = texts.some((text) => /<Using\s[^>]*Include="System\.Threading\.Tasks"/.test(text));
	return isNamed || /^(?:enable|true)$/i.test(said[0] ?? '');
}

function isUsedEverywhere(own: string | undefined, project: Project): boolean {
	return project.known(`Task everywhere in ${own}`, () =>
		codeOf(project).some(({ path, text }) => usedEverywhere.test(text) && projectOf(path, project) === own),
	);
}
