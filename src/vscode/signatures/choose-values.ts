import type { QuickPickItem } from 'vscode';
import type { PlannedChange, ValueChoice } from '../../tracking/wire.ts';
import { askForExpression } from './ask-expression.ts';
import { pickBelow } from './menu.ts';

/** Why a text is no expression of the change's language; undefined where it is one. */
type WhyNot = (text: string) => Promise<string | undefined>;

type Chosen = ValueChoice | { readonly kind: 'model' };

interface Item extends QuickPickItem {
	readonly choice: Chosen['kind'];
}

/** Asks which value each new parameter gets, with the old and the new signature in sight. Undefined when somebody goes away. */
export async function chooseValues(
	change: PlannedChange,
	hasModel: boolean,
	whyNot: WhyNot,
): Promise<Readonly<Record<string, Chosen>> | undefined> {
	const values: Record<string, Chosen> = {};
	for (const { name, type } of change.added) {
		const typed = type === undefined ? name : `${name}: ${type}`;
		const picked = await chooseKind(change, name, typed, hasModel);
		const chosen = picked === 'expression' ? await chooseExpression(change, typed, whyNot) : picked && { kind: picked };
		if (chosen === undefined) return undefined;
		values[name] = chosen;
	}
	return values;
}

async function chooseKind(change: PlannedChange, name: string, typed: string, hasModel: boolean): Promise<Chosen['kind'] | undefined> {
	const picked = await pickBelow(change, choicesFor(name, hasModel), `What do callers give for ${typed}?`);
	// Whoever chooses a signature looks at it, and is asked again.
	if (picked && !('choice' in picked)) return chooseKind(change, name, typed, hasModel);
	return picked?.choice;
}

async function chooseExpression({ before, after }: PlannedChange, typed: string, whyNot: WhyNot): Promise<Chosen | undefined> {
	const text = await askForExpression({ title: `${before} → ${after}`, prompt: `What every caller gives for ${typed}` }, whyNot);
	return text === undefined ? undefined : { kind: 'expression', text };
}

function choicesFor(name: string, hasModel: boolean): readonly Item[] {
	const model: Item = {
		choice: 'model',
		label: '$(sparkle) Let the model choose',
		detail: 'For each caller, where no variable has the name.',
	};
	return [
		{ choice: 'expression', label: '$(symbol-constant) This expression…', detail: 'Every caller gets it.' },
		{
			choice: 'variable',
			label: `$(symbol-variable) A variable ${name} where there is one`,
			detail: 'And a visible placeholder elsewhere.',
		},
		...(hasModel ? [model] : []),
		{ choice: 'hole', label: '$(edit) A visible placeholder', detail: `TODO_${name}, which does not compile: nothing goes unnoticed.` },
	];
}
