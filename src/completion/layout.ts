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
	const unit = unitOf(`${prefix}${suffix}`) ?? preferred ?? unitOfLine(currentLine(prefix));
	if (unit === undefined) return undefined;
	const isNested = languageId === 'python' || pairsBrackets(languageId);
	return { unit, deepest: isNested ? deepestAt(prefix, unit, languageId) : undefined, isNested };
}

/** What a text is indented with: tabs, or the step by which most lines are deeper than the one above. */
function unitOf(text: string): string | undefined {
	const steps = new Map<string, number>();
	let last = '';
	for (const line of text.split('\n')) {
		// The lines of a block comment are set one further.
		if (isBlank(line) || /^\s*\*/.test(line)) continue;
		const space = leadingSpace(line);
		const step = space.startsWith('\t') ? '\t' : space.startsWith(last) ? space.slice(last.length) : '';
		if (step === '\t' || (step.length > 1 && step.length <= 8 && !step.includes('\t'))) steps.set(step, (steps.get(step) ?? 0) + 1);
		last = space;
	}
	const [most] = [...steps].sort((a, b) => b[1] - a[1]);
	return most?.[0];
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
