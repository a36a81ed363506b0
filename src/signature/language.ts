import type { SyntaxNode } from '../grammar/syntax.ts';
import type { SignatureChange } from './diff.ts';
import type { ParsedFile, Project, SourceFile } from './project.ts';
import type { Declaration, Parameter } from './signature.ts';
import type { Takers } from './takers.ts';
import type { Range, TextEdit } from './text-edit.ts';

/** How sure an edit is: do it, ask, fill a hole first, or only warn. */
export type DependentClass = 'D' | 'C' | 'L' | 'W';

export type DependentKind =
	| 'call'
	| 'member-call'
	| 'new'
	| 'super'
	| 'decorator'
	| 'jsx'
	| 'tagged-template'
	| 'call-apply-bind'
	| 'partial'
	| 'by-name'
	| 'implementation'
	| 'declaration'
	| 'import'
	| 'type'
	| 'test-double'
	| 'documentation'
	| 'string'
	| 'possible';

export interface Argument {
	/** The whole of it, with its label and a comment in front of it. */
	readonly range: Range;
	/** Its value only. */
	readonly value: SyntaxNode;
	readonly name?: string | undefined;
	/** `...xs` and `*xs`, or `**options`. */
	readonly spread?: 'rest' | 'keywords';
	/** `{ id }`: the name is the value. */
	readonly isShorthand?: boolean;
	/** An entry of a dictionary that is spread: `"name": 1` instead of `name=1`. */
	readonly isEntry?: boolean;
}

/** Something with arguments between brackets. */
export interface ArgumentList {
	/** Between the brackets. */
	readonly range: Range;
	readonly arguments: readonly Argument[];
	/** Where the arguments are in no list: writes them. Absent: they are edited in place. */
	readonly write?: (values: readonly string[]) => readonly TextEdit[];
	/** `[a, b]` in which the place counts, or `{ a, b }` in which the name does. */
	readonly isNamed?: boolean;
	/** For values of which there have to be one or none, and `(1,)`. */
	readonly needsCommaWhenSingle?: boolean;
	/** Between two of them, where that is no comma: JSX. */
	readonly separator?: string;
	/** Before the first of them, where something else comes before: `f.call(null, 1)`. */
	readonly lead?: string;
}

/** What a name is used for at one place. */
export interface Use {
	readonly kind: DependentKind;
	/** The whole call, or what has the name in it. */
	readonly node: SyntaxNode;
	/** What stands before the dot. */
	readonly qualifier?: SyntaxNode | undefined;
	readonly list?: ArgumentList | undefined;
	/** How many arguments come first that are not the function's: `thisArg`. */
	readonly leading?: number;
	/** Whether the rest of the arguments come later: `partial`, `bind`. */
	readonly isPartial?: boolean;
	readonly typeArguments?: ArgumentList | undefined;
	/** `const g = f`: its other name, and where it has it. */
	readonly alias?: { readonly name: string; readonly scope?: Range } | undefined;
	/** Where it is the name of a class its objects are meant, and not what makes them: `const a: A`. */
	readonly isOfObjects?: boolean;
	/** The name that stands there is only looked up in this class: `super(1)`, `this.f(1)`. */
	readonly within?: string | undefined;
}

/** A name that a value has in a part of a file. */
export interface Binding {
	readonly name: string;
	readonly type?: string | undefined;
	/** The class whose constructor made it. */
	readonly made?: string | undefined;
	/** From where on it is known, and until where. */
	readonly scope: Range;
	readonly nameRange: Range;
	/** It is reached by `this.name`. */
	readonly isField?: boolean;
}

/** A name that comes from another file. */
export interface Import {
	readonly local: string;
	/** Its name there; `*` where the whole module is meant. */
	readonly imported: string;
	readonly from: string;
}

export interface ClassOutline {
	readonly name: string;
	readonly bases: readonly string[];
	readonly range: Range;
}

/** What can be said of a file without looking at others. */
export interface Outline {
	readonly declarations: readonly Declaration[];
	readonly bindings: readonly Binding[];
	readonly imports: readonly Import[];
	readonly classes: readonly ClassOutline[];
}

/** What has to become of something that stays: its parts are texts and places in the file. */
export interface Adapted {
	readonly before: string;
	readonly after: string;
	/** The part that is kept; absent: all of it. Null: nothing, there has to be another value. */
	readonly keep?: Range | null;
	readonly class: DependentClass;
	readonly reason: string;
}

/** Where an argument stands, for deciding what it needs. */
export interface ArgumentPlace {
	readonly value: SyntaxNode;
	/** Its type, where it can be told: of a literal, or of a variable that has one. */
	readonly type: string | undefined;
}

/** What a caller has to do with another result. */
export interface ResultEdit {
	readonly edits: readonly TextEdit[];
	readonly class: DependentClass;
	readonly reason: string;
	/** The function around the call, where it has to become what the called one became, or did already. */
	readonly caller?: Range;
	/** Where a value has to be that nobody knows: in place of a result that there may not be. */
	readonly fallback?: { readonly at: number; readonly before: string; readonly after?: string; readonly type: string };
}

/** How calls are written. */
interface Style {
	/** `name=value`. Absent: arguments have no names. */
	readonly named?: (name: string, value: string) => string;
	/** What stands for an argument that is left out before another. Absent: the default itself. */
	readonly skip?: string;
	readonly array: (values: readonly string[], type: string | undefined) => string;
	readonly spread?: (value: string) => string;
	/** `{ a: 1 }`. */
	readonly object?: (entries: readonly (readonly [name: string, value: string])[]) => string;
	/** A function that calls with its own arguments, for where a function was passed by name. Absent: the language has none. */
	readonly lambda?: (parameters: readonly Parameter[], call: string, change: SignatureChange) => string;
	/** What stands for the object a method is called on, inside of it. */
	readonly self: readonly string[];
	/** Whether a method can be called without an object from within its class. */
	readonly implicitSelf?: boolean;
	/** Whether what belongs to a class can be called on its objects, too. */
	readonly staticOnObjects?: boolean;
	/** What stands for its class above. */
	readonly parent: readonly string[];
	/** What stands for a type that is not known. Absent: a hole. */
	readonly anyType?: string;
	/** The least file with a call in it. Absent: a call may stand alone. */
	readonly around?: (call: string) => string;
}

/** One language: how a declaration, a call and an argument look, and how they are written. Everything else is the same for all. */
export interface Language {
	readonly ids: readonly string[];
	readonly style: Style;
	/** Files that are no code and tell what code means: projects and what they share. */
	readonly projectFiles?: RegExp;
	/** With names, only declarations of these have to be in it: reading all of them is most of the work. */
	outline(root: SyntaxNode, names?: ReadonlySet<string>): Outline;
	/** What the name at a node is used for; undefined where it is something else: a property, a word in a text. */
	use(name: SyntaxNode, root: SyntaxNode): Use | undefined;
	/** A text with the name of a function in it that is there to find the function by it: `@patch("module.name")`. */
	spelled?(node: SyntaxNode, name: string): Use | undefined;
	/** Whether the constructor that a class has by its fields takes those of its base first. */
	readonly inheritsFields?: boolean;
	/** Names besides its own by which a constructor is called: `super`, `this`, `__init__`. */
	readonly constructors: readonly string[];
	/**
	 * What an argument of the old type has to become for the new type; undefined where nobody can tell. With nothing before and after it
	 * the argument stays, with nothing kept and no text there has to be another value.
	 */
	retype(place: ArgumentPlace, from: string, to: string): Adapted | undefined;
	/** What a call needs because its result is another. */
	result(use: Use, change: SignatureChange, parsed: ParsedFile): ResultEdit | undefined;
	/** The type of a literal, as declarations write it. */
	literalType(value: SyntaxNode): string | undefined;
	/** The file that an import means, among those that there are. */
	resolve(from: string, path: string, has: (path: string) => boolean): string | undefined;
	/** Whether a file sees what another declares without naming it in an import: of the same package, or of what it includes. */
	sees?(file: SourceFile, declaredIn: string, project: Project): boolean;
	/** Whether what stands before a name means the place where the changed function is: its class, its package, its module. */
	denotes?(qualifier: string, file: SourceFile, change: SignatureChange, project: Project): boolean;
	/** The parameter of an override, from that of what it overrides. */
	inherited(parameter: Parameter, hasBody: boolean): string;
	/** Whether evaluating it can do something besides: a call, an assignment. */
	hasEffect(value: SyntaxNode): boolean;
	/** How a function that is used by its name is called there, where that is not as it is written: `M::f` is `M.f`. */
	calleeOf?(use: Use, written: string, parsed: ParsedFile): string;
	/** Calls in which the name does not occur: the constants of an enum call its constructor. */
	implicitUses?(root: SyntaxNode, change: SignatureChange, takers: Takers): readonly Use[];
	/** The class of a method for which a lambda may stand. */
	lambdaType?(change: SignatureChange): string | undefined;
	/** A use as if it were an ordinary call: `C.m(object, 1)` is one of `m` with one argument. */
	unbound?(use: Use, change: SignatureChange): Use;
	/** Whether a declaration of the same name and container declares the same function: a header's, a type file's. */
	isTwin?(declaration: Declaration, file: SourceFile, change: SignatureChange): boolean;
	/** Whether a method implements another without saying so. */
	isImplementation?(declaration: Declaration, of: Declaration): boolean;
	/** The properties of an object, the entries of a dictionary, where they stand for arguments. */
	entries?(value: SyntaxNode): ArgumentList | undefined;
	/** The values of a list or tuple that is written out. */
	elements(value: SyntaxNode): ArgumentList | undefined;
}
