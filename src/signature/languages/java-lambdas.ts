import type { SyntaxNode } from '../../grammar/syntax.ts';
import { bare } from './java-outline.ts';
import { around, childrenOf, field, fieldText, isComment, isSame } from './read.ts';

const written = ['lambda_expression', 'method_reference'];

/** Functions that are written where an object of an interface is wanted, as far as one file tells what is wanted. */
export function lambdasFor(root: SyntaxNode, type: string): SyntaxNode[] {
	const takers = parametersOf(root, type);
	return root.descendantsOfType(written).filter((node) => isWanted(node, type, takers));
}

/** Methods of the file by name, with the place of the parameter that has the type. */
function parametersOf(root: SyntaxNode, type: string): ReadonlyMap<string, number> {
	const found = new Map<string, number>();
	for (const method of root.descendantsOfType(['method_declaration', 'constructor_declaration'])) {
		const parameters = childrenOf(field(method, 'parameters'), 'formal_parameter');
		const place = parameters.findIndex((parameter) => isOf(parameter, type));
		if (place >= 0) found.set(fieldText(method, 'name') ?? '', place);
	}
	return found;
}

function isWanted(node: SyntaxNode, type: string, takers: ReadonlyMap<string, number>): boolean {
	const parent = node.parent;
	switch (parent?.type) {
		case 'variable_declarator':
			return parent.parent !== null && isOf(parent.parent, type);
		case 'cast_expression':
			return isOf(parent, type);
		case 'return_statement': {
			const method = around(parent, ['method_declaration', ...written]);
			return method?.type === 'method_declaration' && isOf(method, type);
		}
		case 'argument_list': {
			const call = parent.parent;
			const name = fieldText(call, 'name') ?? fieldText(call, 'type') ?? '';
			const place = takers.get(name);
			const values = parent.namedChildren.filter(({ type: kind }) => !isComment(kind));
			return place !== undefined && isSame(values[place], node);
		}
		default:
			return false;
	}
}

function isOf(node: SyntaxNode, type: string): boolean {
	return bare(fieldText(node, 'type') ?? '') === type;
}
