import type { Parameter } from './signature.ts';
import { applyEdits, type Range, type TextEdit } from './text-edit.ts';

/** A parameter as it is, and the name that it had; none where it is new. */
export interface Entry {
	readonly parameter: Parameter;
	readonly before: string | undefined;
}

/** Lines of which each stays where it is. */
export function inPlace(comment: string, entries: readonly Entry[], gone: readonly string[]): TextEdit[] {
	const others = entries.flatMap(({ parameter: { name }, before }) =>
		name === '' || !before || before === name ? [] : renamed(comment, before, name),
	);
	return [...gone.filter(Boolean).flatMap((name) => removed(comment, name)), ...others];
}

interface Arrangement {
	readonly edits: readonly TextEdit[];
	/** Those that have a line now in which nothing is said of them. */
	readonly added: readonly string[];
}

/** All lines about parameters anew, where there are new ones or others changed places. Undefined where something else is between them. */
export function arrange(comment: string, entries: readonly Entry[], gone: readonly string[]): Arrangement | undefined {
	const named = entries.filter(({ parameter: { name } }) => name !== '');
	const own = new Map(named.map((entry) => [entry, blockOf(comment, entry.before || entry.parameter.name)]));
	const blocks = [...own.values(), ...gone.filter(Boolean).map((name) => blockOf(comment, name))].filter((block) => block !== undefined);
	const region = joined(blocks);
	const model = named.find((entry) => entry.before && own.get(entry));
	if (!region || !model) return undefined;
	const added: string[] = [];
	const lines = named.map((entry) => {
		const { parameter, before } = entry;
		const block = own.get(entry);
		if (block) return newlyNamed(comment.slice(block.start, block.end), before, parameter.name);
		if (before !== undefined) return '';
		added.push(parameter.name);
		return lineFor(parameter, comment.slice(own.get(model)?.start), model.before ?? '');
	});
	const newText = lines.join('');
	return { added, edits: newText === comment.slice(region.start, region.end) ? [] : [{ ...region, newText }] };
}

function newlyNamed(block: string, before: string | undefined, name: string): string {
	return before === undefined || before === name ? block : applyEdits(block, renamed(block, before, name));
}

function blockOf(comment: string, name: string): Range | undefined {
	return joined(linesOf(comment, name));
}

/** What several make up together, if nothing is between them. */
function joined(ranges: readonly Range[]): Range | undefined {
	const sorted = ranges.toSorted((left, right) => left.start - right.start);
	const isWhole = sorted.every(({ end }, index) => index === sorted.length - 1 || sorted[index + 1]?.start === end);
	const [first, last] = [sorted[0], sorted.at(-1)];
	return first && last && isWhole ? { start: first.start, end: last.end } : undefined;
}

/** A line in the way of another one. */
function lineFor({ name, type }: Parameter, text: string, model: string): string {
	const line = text.slice(0, text.indexOf('\n'));
	const lead = /^\s*(?:\*|\/\/\/)?\s*/.exec(line)?.[0] ?? '';
	const rest = line.slice(lead.length);
	const end = line.endsWith('\r') ? '\r\n' : '\n';
	if (rest.startsWith('<param')) return `${lead}<param name="${name}"></param>${end}`;
	if (rest.startsWith('@param')) return `${lead}@param ${/^@param\s+\{/.test(rest) && type ? `{${type}} ` : ''}${name}${end}`;
	if (rest.startsWith(':param')) return `${lead}:param ${name}:${end}`;
	const after = rest.slice(model.length);
	if (/^\s+:/.test(after)) return `${lead}${name} :${type ? ` ${type}` : ''}${end}`;
	return `${lead}${name}${after.startsWith(' (') && type ? ` (${type})` : ''}:${end}`;
}

/** What comes before a parameter's name: `@param {T} name`, `:param T name:`, `<param name="name">`, `name (T): …`, `name : T`. */
function mentions(name: string): readonly RegExp[] {
	const word = name.replaceAll('$', '\\$');
	return [
		new RegExp(`(@param\\s+(?:\\{[^}]*\\}\\s*)?\\[?)${word}(?![\\w$])`, 'g'),
		new RegExp(`(:(?:param|type)\\s+(?:[^:\\n]*\\s)?)${word}(?=:)`, 'g'),
		new RegExp(`(<param(?:ref)?\\s+name=")${word}(?=")`, 'g'),
		new RegExp(`(^[ \\t]+)${word}(?=\\s*(?:\\([^)\\n]*\\))?\\s*:)`, 'gm'),
	];
}

function renamed(comment: string, name: string, to: string): TextEdit[] {
	return mentions(name).flatMap((pattern) =>
		[...comment.matchAll(pattern)].map((match) => {
			const start = match.index + (match[1] ?? '').length;
			return { start, end: start + name.length, newText: to };
		}),
	);
}

function removed(comment: string, name: string): TextEdit[] {
	return linesOf(comment, name).map((range) => ({ ...range, newText: '' }));
}

/** The line, and those below it that go on. */
function linesOf(comment: string, name: string): Range[] {
	return mentions(name).flatMap((pattern) =>
		[...comment.matchAll(pattern)].flatMap((match) => {
			const start = comment.lastIndexOf('\n', match.index) + 1;
			const lines = comment.slice(start).split('\n');
			const [first = '', ...rest] = lines;
			const goesOn = rest.findIndex((line) => !continues(line, first));
			const length = [first, ...rest.slice(0, Math.max(goesOn, 0))].reduce((sum, line) => sum + line.length + 1, 0);
			// A comment of one line has more in it than this.
			const isShared = start === 0 && !/^\s*\/\/\//.test(comment);
			return isShared || start + length > comment.length ? [] : [{ start, end: start + length }];
		}),
	);
}

function continues(line: string, first: string): boolean {
	if (/^\s*\*\s*(@|\/|$)|^\s*\*\/|^\s*(?:""|'')|^\s*$|^\s*:|^\s*\/\/\/\s*</.test(line)) return false;
	if (/^\s*\*/.test(first)) return true;
	return indentOf(line) > indentOf(first);
}

function indentOf(line: string): number {
	return /^\s*/.exec(line)?.[0].length ?? 0;
}
