import { type QuickPickItem, window } from 'vscode';
import type { PlannedChange, ValueChoice } from '../../tracking/wire.ts';
import { pickBelow } from './menu.ts';

type Chosen = ValueChoice | { readonly kind: 'model' };

interface Item extends QuickPickItem {
	readonly choice: Chosen['kind'];
}

/** Asks which value each new parameter gets, with the old and the new signature in sight. Undefined when somebody goes away. */
export async function chooseValues(change: PlannedChange, hasModel: boolean): Promise<Readonly<Record<string, Chosen>> | undefined> {
	const values: Record<string, Chosen> = {};
	for (const { name, type } of change.added) {
		const chosen = await chooseValue(change, name, type, hasModel);
		if (chosen === undefined) return undefined;
		values[name] = chosen;
	}
	return values;
}

async function chooseValue(change: PlannedChange, name: string, type: string | undefined, hasModel: boolean): Promise<Chosen | undefined> {
	const typed = type === undefined ? name : `${name}: ${type}`;
	const picked = await pickBelow(change, choicesFor(name, hasModel), `What do callers give for ${typed}?`);
	// Whoever chooses a signature looks at it, and is asked again.
	if (picked && !('choice' in picked)) return chooseValue(change, name, type, hasModel);
	if (picked?.choice !== 'expression') return picked && { kind: picked.choice };
	const text = await window.showInputBox({ title: `${change.before} → ${change.after}`, prompt: `The expression for ${typed}` });
	return text === undefined || text.trim() === '' ? undefined : { kind: 'expression', text: text.trim() };
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
