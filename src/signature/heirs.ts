import { changeOf, type SignatureChange } from './diff.ts';
import type { Project, SourceFile } from './project.ts';
import type { Declaration, Parameter } from './signature.ts';

/** What becomes of the constructors of classes below one whose fields changed: they have its fields before their own. */
export function heirsOf(change: SignatureChange, project: Project, above: readonly string[] = []): readonly SignatureChange[] {
	const { before, after, languageId } = change;
	const language = project.languageOf(languageId);
	// Where somebody is in the middle of typing, a class may be its own base.
	if (!language?.inheritsFields || !before.isImplied || !after.isImplied || above.includes(after.name)) return [];
	const files = project.mentioning(language, [after.name]).filter((file) => isBaseIn(file, change, project));
	const direct = files.flatMap((file) => {
		const { classes = [], declarations = [] } = project.outlineOf(file) ?? {};
		const below = new Set(classes.filter(({ name, bases }) => name !== after.name && bases.includes(after.name)).map(({ name }) => name));
		const own = declarations.filter(({ isImplied, container }) => isImplied && container !== undefined && below.has(container));
		return own.map((declaration) => {
			const old = { ...declaration, parameters: inherited(before, declaration) };
			const now = { ...declaration, parameters: inherited(after, declaration) };
			return changeOf({ path: file.path, languageId: file.languageId, siblings: [old] }, old, now);
		});
	});
	return direct.flatMap((one) => [one, ...heirsOf(one, project, [...above, after.name])]);
}

/** Whether a file means the changed class by its name. */
function isBaseIn(file: SourceFile, { path, after }: SignatureChange, project: Project): boolean {
	if (file.path === path) return true;
	const language = project.languageOf(file.languageId);
	const imports = project.outlineOf(file)?.imports ?? [];
	return imports.some(
		({ local, imported, from }) =>
			local === after.name && imported === after.name && language?.resolve(from, file.path, (other) => project.files.has(other)) === path,
	);
}

/** One that it has itself stays where its base has it. */
function inherited(base: Declaration, { parameters }: Declaration): readonly Parameter[] {
	const isOf = (list: readonly Parameter[], { name }: Parameter) => list.some((one) => one.name === name);
	const first = base.parameters.map((parameter) => parameters.find(({ name }) => name === parameter.name) ?? parameter);
	return [...first, ...parameters.filter((parameter) => !isOf(base.parameters, parameter))];
}
