import { blockAt } from './block.ts';
import { pairsBrackets } from './lexicon.ts';
import { currentLine, indentation, isBlank, leadingSpace } from './lines.ts';

/** How lines are indented around a cursor. */
export interface Layout {
	/** One level of indentation, as white space. */
	readonly unit: string;
	/** On an empty line: the column at which a line may begin at most. */
	readonly deepest?: number | undefined;
	/** Nesting shows in brackets or colons, so that it is known where a line should begin. */
	readonly isNested: boolean;
}

export function layoutAt(prefix: string, suffix: string, languageId: string, preferred?: string): Layout | undefined {
	const isNested = languageId === 'python' || pairsBrackets(languageId);
	const { blocks, others } = stepsIn(`${prefix}${suffix}`);
	// Where blocks show, deeper lines that open none are set as people like it.
	const unit = blocks ?? (isNested ? undefined : others) ?? preferred ?? unitOfLine(currentLine(prefix)) ?? others;
	if (unit === undefined) return undefined;
	return { unit, deepest: isNested ? deepestAt(prefix, unit, languageId) : undefined, isNested };
}

/** What a text is indented with: tabs, or the step by which most lines are deeper than the one above, where that opens a block and elsewhere. */
function stepsIn(text: string): { readonly blocks: string | undefined; readonly others: string | undefined } {
	const blocks = new Map<string, number>();
	const others = new Map<string, number>();
	let above = '';
	let opens = false;
	for (const line of text.split('\n')) {
		const code = line.trim();
		// The lines of a block comment are set one further.
		if (code === '' || code.startsWith('*')) continue;
		const space = line.slice(0, line.indexOf(code));
		const step = stepBetween(above, space);
		const steps = opens ? blocks : others;
		if (step !== undefined) steps.set(step, (steps.get(step) ?? 0) + 1);
		above = space;
		opens = /[{:>]$/.test(code);
	}
	return { blocks: mostFrequent(blocks), others: mostFrequent(others) };
}

function stepBetween(above: string, space: string): string | undefined {
	if (space.startsWith('\t')) return '\t';
	const step = space.startsWith(above) ? space.slice(above.length) : '';
	return /^ {2,8}$/.test(step) ? step : undefined;
}

/** Of those that come equally often, the shortest. */
function mostFrequent(steps: ReadonlyMap<string, number>): string | undefined {
	return [...steps].sort(([a, times], [b, others]) => others - times || a.length - b.length)[0]?.[0];
}

function deepestAt(prefix: string, unit: string, languageId: string): number | undefined {
	if (!isBlank(currentLine(prefix))) return undefined;
	const above = prefix.trimEnd();
	if (above === '') return 0;
	const { opens, indent } = blockAt(above, '', languageId);
	// Inside brackets and expressions lines are set as people like it.
	if (/[(,=+&|?:.\\-]$/.test(above) && !opens) return undefined;
	return opens ? indent + indentation(unit) : indentation(currentLine(above));
}

/** The first indented line of a text shows as much as it can. */
function unitOfLine(line: string): string | undefined {
	const space = leadingSpace(line);
	return /^(\t| {2,8})/.exec(space)?.[0];
}
