import type { SyntaxNode } from '../grammar/syntax.ts';
import type { Binding, Language, Outline } from '../signature/language.ts';
import { lookUp } from '../signature/project.ts';
import type { Range } from '../signature/text-edit.ts';
import { isBuiltin } from './builtins.ts';

/** Where names are looked up: a text with its tree and what it declares. */
export interface Scope {
	readonly language: Language;
	readonly languageId: string;
	readonly text: string;
	readonly root: SyntaxNode;
	readonly outline: Outline;
}

/** The words in a node that have to mean something there: no members, no labels, no keys. */
export function namesIn(node: SyntaxNode, text: string): SyntaxNode[] {
	if (node.namedChildren.length > 0) return node.namedChildren.flatMap((child) => namesIn(child, text));
	// What is missing is a name without a text.
	return /identifier|^self$|^this$/.test(node.type) && node.text !== '' && !isMember(node, text) ? [node] : [];
}

const memberTypes = ['property_identifier', 'private_property_identifier', 'field_identifier', 'statement_identifier', 'jsx_attribute'];

/** What is only looked up in something else: behind a dot, the name of an argument, the key of an entry. */
function isMember(node: SyntaxNode, text: string): boolean {
	if (memberTypes.includes(node.type)) return true;
	const before = text.slice(0, node.startIndex).trimEnd();
	if (/(?:[^.]\.|\?\.|::)$/.test(before)) return true;
	const parent = node.parent;
	if (parent === null) return false;
	const isFirst = parent.namedChildren[0]?.id === node.id;
	if (['keyword_argument', 'argument', 'pair'].includes(parent.type)) return isFirst && parent.namedChildren.length > 1;
	return parent.type === 'literal_element' && parent.parent?.type === 'keyed_element' && parent.parent.namedChildren[0]?.id === parent.id;
}

/** Whether a name means something at a place: a variable, an import, something of the file, of the language, or of what is used there already. */
export function isKnown(name: string, at: number, scope: Scope, original: Scope): boolean {
	if (/^(?:this|self)$/.test(name)) return hasSelf(scope, at) || variableOf(name, scope, at) !== undefined;
	if (variableOf(name, scope, at)) return true;
	return isDeclared(name, scope, at) || isBuiltin(name, scope.languageId) || isUsedFreely(name, original);
}

/** Whether a name means something everywhere in a text, and in what sees that without importing it. */
export function isOutermost(name: string, scope: Scope): boolean {
	const { classes, declarations, bindings } = scope.outline;
	const isDeclared =
		classes.some((one) => one.name === name) || declarations.some((one) => one.name === name && one.container === undefined);
	const isVariable = bindings.some((one) => one.name === name && !one.isField && one.scope.end >= scope.root.endIndex);
	return isDeclared || isVariable || isUsedFreely(name, scope);
}

/** The variable, parameter or field that a bare name is there. */
export function variableOf(
	name: string,
	{ outline, language, root }: Pick<Scope, 'outline' | 'language' | 'root'>,
	at: number,
): Binding | undefined {
	const field = language.style.implicitSelf ? lookUp(outline, name, at, true) : undefined;
	const isInside = outline.declarations.some(({ range }) => holds(range, at));
	// What a file says at its end is there when its functions are called.
	const later = outline.bindings.find(
		(binding) => isInside && !binding.isField && binding.name === name && binding.scope.end >= root.endIndex,
	);
	return lookUp(outline, name, at) ?? field ?? later;
}

function isDeclared(name: string, { outline: { imports, classes, declarations }, language }: Scope, at: number): boolean {
	if (imports.some(({ local }) => local === name) || classes.some((one) => one.name === name)) return true;
	return declarations.some((one) => {
		const isReached = one.container === undefined || (language.style.implicitSelf === true && isInClass(one.container, classes, at));
		return one.name === name && isReached && (one.scope === undefined || holds(one.scope, at));
	});
}

function isInClass(name: string, classes: Outline['classes'], at: number): boolean {
	return classes.some((one) => one.name === name && holds(one.range, at));
}

/** Whether there is an object that the code at a place belongs to. */
function hasSelf({ outline: { declarations, classes } }: Scope, at: number): boolean {
	const around = declarations.filter(({ range }) => holds(range, at));
	const inner = around.toSorted((left, right) => right.range.start - left.range.start).find(({ container }) => container !== undefined);
	return inner ? !inner.isStatic : around.length === 0 && classes.some(({ range }) => holds(range, at));
}

/** Whether the file has the name somewhere where it is nobody's variable: then it comes from outside, and from there everywhere. */
function isUsedFreely(name: string, { root, text, outline }: Scope): boolean {
	for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + name.length)) {
		const node = root.descendantForIndex(at, at + name.length);
		if (!node || node.text !== name || namesIn(node, text).length === 0) continue;
		const isBinding = outline.bindings.some(({ nameRange }) => nameRange.start === at);
		if (!isBinding && !lookUp(outline, name, at)) return true;
	}
	return false;
}

function holds({ start, end }: Range, at: number): boolean {
	return start <= at && at < end;
}
