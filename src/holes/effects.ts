import type { SyntaxNode } from '../grammar/syntax.ts';
import { words } from '../signature/meaning.ts';
import { isBuiltin, onlyLooks } from './builtins.ts';

const calls = [
	'call',
	'call_expression',
	'new_expression',
	'method_invocation',
	'object_creation_expression',
	'invocation_expression',
	'macro_invocation',
];
/** What changes something, waits, or is no value. */
const acts =
	/^(?:augmented_)?assignment|^compound_assignment|^named_expression$|^update_expression$|^await|^yield|^delete_expression$|postfix_unary|prefix_unary_expression.*[+-]{2}/;
const statements = /_statement$|^(?:statement_)?block$|_declaration$|^compound_statement$/;

/** What a value would do besides having one, as a sentence; undefined where that is nothing, as far as anybody can tell. */
export function effectOf(node: SyntaxNode, languageId: string, type: string | undefined, said: readonly string[]): string | undefined {
	const parts = withAll(node);
	if (parts.some((part) => statements.test(part.type))) return 'It has statements in it.';
	const act = parts.find((part) => acts.test(part.type));
	if (act) return `“${act.text}” changes something, or waits.`;
	const callees = parts.filter((part) => calls.includes(part.type)).map(calleeOf);
	const unsure = callees.find((callee) => callee !== type && !isHarmless(callee, languageId, said));
	return unsure === undefined ? undefined : `Nothing here calls ${unsure}, and it may do more than give a value.`;
}

function withAll(node: SyntaxNode): SyntaxNode[] {
	return [node, ...node.namedChildren.flatMap(withAll)];
}

/** As it is written: `cart.total`, `new Date`. */
function calleeOf(node: SyntaxNode): string {
	const list = node.childForFieldName('arguments') ?? node.namedChildren.find(({ type }) => type === 'token_tree');
	const end = list?.startIndex ?? node.endIndex;
	return node.text.slice(0, end - node.startIndex).trim();
}

/** Of all that is in `std`: what makes a value of others. */
const plainStd = /^(?:string|vector|optional|pair|tuple|min|max|abs|move|to_|make_|new$|from|default$)/;

function isHarmless(callee: string, languageId: string, said: readonly string[]): boolean {
	const bare = callee.replace(/^(?:new|::)\s*/, '').replace(/\s*!?\s*(?:<.*>)?!?$/s, '');
	const root = /^[\w$]+/.exec(bare)?.[0] ?? '';
	const last = /[\w$]+$/.exec(bare)?.[0] ?? '';
	if (root === 'std') return plainStd.test(last);
	if (isBuiltin(root, languageId)) return true;
	if (callee.startsWith('new ') || (/^[A-Z]/.test(last) && !['go', 'csharp'].includes(languageId))) return true;
	if (bare !== last && onlyLooks(words(last)[0] ?? '')) return true;
	const written = bare.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	const isCalled = new RegExp(`(?<!(?:function|def|func|fn|void)\\s+)(?<![\\w$.])${written}\\s*\\(`);
	return said.some((text) => isCalled.test(text));
}
