import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { Range } from '../text-edit.ts';
import type { Gathered } from './gather.ts';

/** The types of nodes that are asked for in more than one place. */
export const functions = ['function_declaration', 'generator_function_declaration', 'function_signature'];
export const methods = ['method_definition', 'method_signature', 'abstract_method_signature'];
export const values = ['arrow_function', 'function_expression', 'generator_function'];
export const classes = ['class_declaration', 'class', 'abstract_class_declaration', 'interface_declaration'];
/** What a name is known in. */
export const scopes = [
	...functions,
	...values,
	'method_definition',
	'statement_block',
	'for_statement',
	'for_in_statement',
	'catch_clause',
	'program',
];
export const bodiless = [
	'method_signature',
	'abstract_method_signature',
	'function_type',
	'call_signature',
	'construct_signature',
	'constructor_type',
];
/** What `return` and `await` belong to. */
export const enclosing = [...functions, ...values, 'method_definition'];

export const requirement = /^(?:await import|require)\(\s*(['"])(.+)\1\s*\)$/;

/** A declaration of one or more variables, and what its text alone tells of it. */
export interface Variable {
	readonly node: SyntaxNode;
	/** It has no type, and a value that is no literal, is made by no `new` and comes from no other file. */
	readonly plain?: { readonly name: string; readonly nameRange: Range; readonly opener: string };
}

/** `const a = {`, and also with `[` or `(`. */
const plain = /([A-Za-z_$][\w$]*)\s*=\s*([{[(])/y;

/** Files are full of them, and each question to the tree costs. */
export function variablesIn(root: Gathered): Variable[] {
	return root.descendantsOfType(['variable_declarator']).map((node) => {
		const { startIndex } = node;
		plain.lastIndex = startIndex;
		const [, name, opener] = plain.exec(root.source) ?? [];
		if (name === undefined || opener === undefined) return { node };
		return { node, plain: { name, nameRange: { start: startIndex, end: startIndex + name.length }, opener } };
	});
}

export function literalType(node: SyntaxNode): string | undefined {
	switch (node.type) {
		case 'number':
			return 'number';
		case 'unary_expression':
			return node.namedChildren[0]?.type === 'number' ? 'number' : undefined;
		case 'string':
		case 'template_string':
			return 'string';
		case 'true':
		case 'false':
			return 'boolean';
		case 'null':
		case 'undefined':
			return node.type;
		default:
			return undefined;
	}
}

export function unquoted(text: string): string {
	return text.replace(/^['"`]|['"`]$/g, '');
}
