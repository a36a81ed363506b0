import type { Parse } from '../grammar/syntax.ts';
import type { Language } from './language.ts';

/**
 * Why a text cannot stand for the value of a parameter wherever its function is called, as a sentence; undefined where it can. Whether its
 * names mean anything there is the business of whoever wrote it.
 */
export function whyNoExpression(text: string, { use, style }: Language, parse: Parse): string | undefined {
	if (text.trim() === '') return 'Write what the callers give: there is nothing yet.';
	// Another value before it: some languages write a last one in ways that go with no others.
	const call = `f(0, ${text})`;
	const file = style.around?.(call) ?? `${call}\n`;
	using tree = parse(file);
	const at = file.indexOf(call);
	const name = tree.root.descendantForIndex(at, at + 1);
	const [, own, ...more] = (name && use(name, tree.root)?.list?.arguments) ?? [];
	if (tree.root.hasError || !own) return `“${text}” is not an expression that can be parsed.`;
	if (own.name !== undefined) return `Write the value alone: where callers need the name of the parameter, it is put before it.`;
	if (own.spread !== undefined) return `“${text}” hands over many values, and the parameter takes one.`;
	const isAll = more.length === 0 && file.slice(own.range.start, own.range.end) === text;
	return isAll ? undefined : `“${text}” is more than one expression.`;
}
