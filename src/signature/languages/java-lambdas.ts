import type { SyntaxNode } from '../../grammar/syntax.ts';
import type { Use } from '../language.ts';
import type { Takers } from '../takers.ts';
import { bare } from './java-outline.ts';
import { around, field, fieldText, isComment, isSame } from './read.ts';

const written = ['lambda_expression', 'method_reference'];

/** Functions that are written where an object of an interface is wanted, as far as the texts tell what is wanted. */
export function lambdasFor(root: SyntaxNode, type: string, takers: Takers): Use[] {
	return root.descendantsOfType(written).flatMap((node): Use[] => {
		const kind =
			node.parent?.type === 'argument_list' ? passed(node, node.parent, root, takers) : isWanted(node, type) ? 'implementation' : undefined;
		return kind ? [{ kind, node }] : [];
	});
}

/** Whether a call takes it for one. Where nothing is said of the class whose method that would be, it is only possible. */
function passed(node: SyntaxNode, list: SyntaxNode, root: SyntaxNode, takers: Takers): 'implementation' | 'possible' | undefined {
	const call = list.parent;
	const name = fieldText(call, 'name') ?? bare(fieldText(call, 'type') ?? '');
	const values = list.namedChildren.filter(({ type: kind }) => !isComment(kind));
	const fitting = takers.get(name)?.filter(({ place }) => isSame(values[place], node)) ?? [];
	if (fitting.length === 0) return undefined;
	const isNamed = fitting.some(({ container }) => container !== undefined && new RegExp(`\\b${container}\\b`).test(root.text));
	return isNamed ? 'implementation' : 'possible';
}

function isWanted(node: SyntaxNode, type: string): boolean {
	const parent = node.parent;
	switch (parent?.type) {
		case 'variable_declarator':
			return parent.parent !== null && isOf(parent.parent, type);
		case 'cast_expression':
			return isOf(parent, type);
		case 'assignment_expression':
			return isSame(field(parent, 'right'), node) && isOfField(fieldText(parent, 'left') ?? '', node, type);
		case 'return_statement': {
			const method = around(parent, ['method_declaration', ...written]);
			return method?.type === 'method_declaration' && isOf(method, type);
		}
		default:
			return false;
	}
}

/** `x = …` and `this.x = …`, where the file declares an `x` of that type. */
function isOfField(target: string, node: SyntaxNode, type: string): boolean {
	const name = target.replace(/^this\./, '');
	const file = around(node, ['program']);
	const declared = file?.descendantsOfType(['field_declaration', 'local_variable_declaration']) ?? [];
	return declared.some(
		(one) => isOf(one, type) && one.descendantsOfType('variable_declarator').some((each) => fieldText(each, 'name') === name),
	);
}

function isOf(node: SyntaxNode, type: string): boolean {
	return bare(fieldText(node, 'type') ?? '') === type;
}
