import type { SyntaxNode } from '../grammar/syntax.ts';
import type { Use } from './language.ts';
import { lookUp, type ParsedFile, type Project } from './project.ts';
import type { Target } from './target.ts';

/**
 * Whether a use of the name means the changed function: it does, something else has that name there, or it cannot be told without a
 * language server.
 */
export type Verdict = 'bound' | 'other' | 'unknown';

export function verdictOn(use: Use, name: SyntaxNode, parsed: ParsedFile, target: Target, project: Project): Verdict {
	return new Binder(parsed, target, project).verdict(use, name);
}

class Binder {
	readonly #parsed: ParsedFile;
	readonly #target: Target;
	readonly #project: Project;

	constructor(parsed: ParsedFile, target: Target, project: Project) {
		this.#parsed = parsed;
		this.#target = target;
		this.#project = project;
	}

	verdict({ qualifier, within, kind, isOfObjects }: Use, name: SyntaxNode): Verdict {
		const { before } = this.#target.change;
		if (isOfObjects && before.kind === 'constructor') return 'other';
		if (within !== undefined) return this.#isOurType(within) ? 'bound' : 'other';
		const word = name.text;
		if (this.#target.language.constructors.includes(word) && word !== before.name) return this.#superVerdict(name, word, qualifier);
		if (before.kind === 'constructor') return qualifier ? this.#qualified(qualifier, word) : this.#typeVerdict(word, name.startIndex);
		if (qualifier) return before.kind === 'function' ? this.#qualified(qualifier, word) : this.#member(qualifier);
		if (before.kind === 'method') return kind === 'jsx' ? 'other' : this.#implicitMember(name);
		return this.#unqualified(word, name.startIndex);
	}

	/** A bare name: a local one, one of this file, or an imported one. */
	#unqualified(word: string, at: number): Verdict {
		const { change, exports } = this.#target;
		const { file, outline, language } = this.#parsed;
		const isHere = file.path === change.path;
		const binding = lookUp(outline, word, at);
		if (binding && !(isHere && this.#isDeclared(binding.nameRange.start))) return 'other';
		if (change.before.scope) return isHere && this.#isInScope(at) ? 'bound' : 'other';
		if (isHere && (word === change.before.name || word === change.after.name)) return 'bound';
		const found = outline.imports.filter(({ local }) => local === word);
		for (const { imported, from } of found) {
			const resolved = this.#resolve(from);
			if (resolved === undefined) return /^[.]/.test(from) || isHere ? 'unknown' : 'other';
			return exports.get(resolved)?.has(imported) ? 'bound' : 'other';
		}
		if (outline.declarations.some(({ name, kind }) => name === word && kind === 'function')) return language.sees ? 'unknown' : 'other';
		const isAmongAll = outline.imports.some(({ local, from }) => local === '*' && exports.get(this.#resolve(from) ?? '')?.has(word));
		return isAmongAll || language.sees?.(file, change.path, this.#project) ? 'bound' : 'unknown';
	}

	#isDeclared(start: number): boolean {
		const { after } = this.#target.change;
		return (
			after.nameRange.start === start ||
			this.#parsed.outline.declarations.some(({ name, nameRange }) => name === after.name && nameRange.start === start)
		);
	}

	#isInScope(at: number): boolean {
		const { scope } = this.#target.change.after;
		return scope === undefined || (scope.start <= at && at < scope.end);
	}

	/** `module.f` and `Class.f`. */
	#qualified(qualifier: SyntaxNode, word: string): Verdict {
		const { exports, change } = this.#target;
		const { outline, language, file } = this.#parsed;
		const text = qualifier.text;
		const found = outline.imports.find(({ local }) => local === text);
		if (found) {
			const resolved = this.#resolve(found.imported === '*' ? found.from : `${found.from}/${found.imported}`) ?? this.#resolve(found.from);
			if (resolved === undefined) return 'other';
			return exports.get(resolved)?.has(word) ? 'bound' : 'other';
		}
		if (language.denotes?.(text, file, change, this.#project)) return 'bound';
		// What is on a value is no function of a module.
		const isValue = lookUp(outline, text, qualifier.startIndex) !== undefined || /^(?:this|self)\b|[()[\]]/.test(text);
		return isValue ? 'other' : 'unknown';
	}

	/** `object.m`, by what is known of the object. */
	#member(qualifier: SyntaxNode): Verdict {
		const type = this.#typeOf(qualifier);
		if (type === undefined) return 'unknown';
		return this.#isOurType(type) ? 'bound' : this.#isKnownType(type) ? 'other' : 'unknown';
	}

	/** A method that is called without an object: of this class or one above it. */
	#implicitMember(name: SyntaxNode): Verdict {
		const around = this.#classesAround(name.startIndex);
		if (this.#target.language.style.implicitSelf)
			return around.some((type) => this.#isOurType(type)) ? 'bound' : around.length > 0 ? 'other' : 'unknown';
		return 'other';
	}

	#typeVerdict(word: string, at: number): Verdict {
		const binding = lookUp(this.#parsed.outline, word, at);
		if (binding?.type !== undefined && !this.#isDeclared(binding.nameRange.start)) return 'other';
		if (this.#isOwnType(word)) return 'bound';
		// A class below that has a constructor of its own.
		return this.#target.types.has(word) && this.#isOurType(word) ? 'other' : this.#unqualified(word, at);
	}

	/** A constructor belongs to its own class only; classes below inherit it unless they have one. */
	#isOwnType(word: string): boolean {
		const { change, types } = this.#target;
		if (word === change.before.container) return this.#isOurType(word);
		if (!types.has(word) || !this.#isOurType(word)) return false;
		return !this.#hasConstructor(word);
	}

	#hasConstructor(type: string): boolean {
		const paths = this.#target.types.get(type) ?? [];
		return [...paths].some((path) => {
			const file = this.#project.files.get(path);
			const declarations = (file && this.#project.outlineOf(file)?.declarations) ?? [];
			return declarations.some(({ kind, container }) => kind === 'constructor' && container === type);
		});
	}

	/** `super(1)` in a class below, `this(1)` in the class itself. */
	#superVerdict(name: SyntaxNode, word: string, qualifier: SyntaxNode | undefined): Verdict {
		const { parent } = this.#target.language.style;
		if (qualifier && !parent.includes(qualifier.text.replace(/\(.*\)$/s, ''))) return this.#isOwnType(qualifier.text) ? 'bound' : 'other';
		const [type] = this.#classesAround(name.startIndex);
		const { container } = this.#target.change.before;
		if (type === undefined || container === undefined) return 'other';
		if (this.#target.language.style.self.includes(word)) return type === container ? 'bound' : 'other';
		const bases = this.#parsed.outline.classes.filter(({ name: own }) => own === type).flatMap(({ bases }) => bases);
		return bases.some((base) => this.#isOwnType(base)) ? 'bound' : 'other';
	}

	/** Innermost first. */
	#classesAround(at: number): string[] {
		const around = this.#parsed.outline.classes.filter(({ range }) => range.start <= at && at < range.end);
		return around.toSorted((left, right) => right.range.start - left.range.start).map(({ name }) => name);
	}

	/** The class of what an expression stands for, as far as this file tells. */
	#typeOf(expression: SyntaxNode): string | undefined {
		const { style } = this.#target.language;
		const text = expression.text.replace(/[!?]$/, '');
		const [type] = this.#classesAround(expression.startIndex);
		if (style.self.includes(text)) return type;
		if (style.parent.includes(text.replace(/\(.*\)$/s, ''))) {
			const bases = this.#parsed.outline.classes.filter(({ name }) => name === type).flatMap(({ bases }) => bases);
			return bases.find((base) => this.#isOurType(base)) ?? bases[0];
		}
		if (this.#target.types.has(text) && this.#isOurType(text)) return text;
		const field = style.self.map((self) => new RegExp(`^${self}(?:\\.|->|\\?\\.)(#?\\w+)$`).exec(text)?.[1]).find(Boolean);
		const binding = field ? lookUp(this.#parsed.outline, field, expression.startIndex, true) : this.#variable(text, expression.startIndex);
		if (binding) return bareType(binding.type ?? binding.made);
		const made = /^(?:new\s+)?([A-Z]\w*)(?:::new|<.*>|\[.*\])?\s*([({].*[)}])$/s.exec(text.replace(/^\((.*)\)$/s, '$1'));
		return made?.[2] !== undefined && isOnePair(made[2]) ? made[1] : undefined;
	}

	#variable(text: string, at: number) {
		if (!/^[\w$]+$/.test(text)) return undefined;
		const field = this.#target.language.style.implicitSelf ? lookUp(this.#parsed.outline, text, at, true) : undefined;
		return lookUp(this.#parsed.outline, text, at) ?? field ?? this.#imported(text);
	}

	/** A variable of another file, by what that says of it. */
	#imported(text: string) {
		const found = this.#parsed.outline.imports.find(({ local, imported }) => local === text && imported !== '*');
		const file = found && this.#project.files.get(this.#resolve(found.from) ?? '');
		const bindings = (file && this.#project.outlineOf(file)?.bindings) ?? [];
		return bindings.find(({ name, isField, scope }) => name === found?.imported && !isField && scope.end >= (file?.text.length ?? 0));
	}

	/** A class of the hierarchy, and not another of the same name. */
	#isOurType(type: string): boolean {
		const bare = bareType(type) ?? type;
		const { file, outline } = this.#parsed;
		const found = outline.imports.find(({ local }) => local === bare);
		const name = found && found.imported !== '*' && found.imported !== 'default' ? found.imported : bare;
		const paths = this.#target.types.get(name);
		if (paths === undefined) return false;
		if (outline.classes.some(({ name: own }) => own === bare)) return paths.has(file.path);
		const resolved = found && this.#resolve(found.from);
		const { sees } = this.#target.language;
		if (!found && sees && ![...paths].some((path) => path === file.path || sees(file, path, this.#project))) return false;
		if (found) return resolved !== undefined && (paths.has(resolved) || (this.#target.exports.get(resolved)?.has(name) ?? false));
		return true;
	}

	/** A class that this project has and that has nothing to do with the function. */
	#isKnownType(type: string): boolean {
		const { outline } = this.#parsed;
		if (this.#target.ancestors.has(type)) return false;
		const found = outline.imports.find(({ local }) => local === type);
		// Where an import leads to no file that there is, it may mean ours after all.
		if (found) return !this.#target.types.has(type) || this.#resolve(found.from) !== undefined;
		return outline.classes.some(({ name }) => name === type);
	}

	#resolve(from: string): string | undefined {
		return this.#target.language.resolve(from, this.#parsed.file.path, (path) => this.#project.files.has(path));
	}
}

/** `readonly C<number>[]` is no C, but `C<number> | undefined`, `&mut C`, `*C` and `const C &` are. */
function bareType(type: string | undefined): string | undefined {
	const bare = type
		?.replace(/^['"]|['"]$/g, '')
		.replace(/\s*\|\s*(undefined|null|None)\b/g, '')
		.replace(/\b(?:mut|const|final|dyn|impl|virtual|struct|class)\b/g, '')
		.replace(/^[&*\s]+|[&*?!\s]+$/g, '')
		.replace(/^(?:\w+\.)*(?:Optional|Final|ClassVar)[<[](.*)[>\]]$/s, '$1')
		.replace(/^(?:Option|Box|Rc|Arc|std::unique_ptr|std::shared_ptr|std::optional)<(.*)>$/s, '$1')
		.replace(/^['"]|['"]$/g, '');
	return bare === undefined ? undefined : /^(?:[\w$]+(?:\.|::))*([\w$]+)(?:[<[].*[>\]])?$/s.exec(bare)?.[1];
}

/** Whether the first bracket is closed by the last: `(a)(b)` are two pairs. */
function isOnePair(text: string): boolean {
	let depth = 0;
	for (const [index, character] of [...text].entries()) {
		if ('([{'.includes(character)) depth++;
		if (')]}'.includes(character)) depth--;
		if (depth === 0) return index === [...text].length - 1;
	}
	return false;
}
