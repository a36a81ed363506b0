import { commands, ProgressLocation, window, workspace } from 'vscode';
import type { HoleAnswer } from '../../holes/ask.ts';
import type { PlannedChange } from '../../tracking/wire.ts';
import type { Changes } from './changes.ts';
import type { ModelValues, SignatureModel } from './fill.ts';

/** Asks the model for what the callers of a change lack. Nothing is edited: what it gives is shown with each caller, to be reviewed or not. */
export async function letModelChoose(
	change: PlannedChange,
	names: ReadonlySet<string>,
	changes: Changes,
	{ values, explain }: { readonly values: ModelValues; readonly explain: SignatureModel['explain'] },
): Promise<void> {
	const lacking = change.dependents.flatMap((dependent) =>
		changes.openHolesOf(dependent).flatMap((hole) => (names.has(hole.name) ? [{ dependent, hole }] : [])),
	);
	if (lacking.length === 0) return;
	const found: HoleAnswer[] = [];
	const take = (answer: HoleAnswer) => {
		const place = lacking.find(({ hole }) => hole.id === answer.hole);
		if (place) changes.setAnswer(place.dependent, place.hole.name, answer.verdict);
		found.push(answer);
	};
	const controller = new AbortController();
	const options = { location: ProgressLocation.Notification, title: 'Co-Clone asks the model', cancellable: true };
	try {
		await window.withProgress(options, async (progress, token) => {
			token.onCancellationRequested(() => controller.abort());
			const holes = lacking.map(({ hole }) => hole.id);
			progress.report({ message: `0 of ${holes.length} values` });
			for await (const answer of values.fill(holes, controller.signal)) {
				take(answer);
				const path = lacking.find(({ hole }) => hole.id === answer.hole)?.dependent.path ?? '';
				progress.report({
					message: `${found.length} of ${holes.length} values, ${workspace.asRelativePath(path)}`,
					increment: 100 / holes.length,
				});
			}
		});
	} catch (error) {
		if (!controller.signal.aborted) explain(error);
	}
	if (found.length > 0) void report(change, found, lacking.length);
}

/** With what was wrong where it gave nothing, and the way to look at what it gave. */
async function report({ id }: PlannedChange, found: readonly HoleAnswer[], asked: number): Promise<void> {
	const given = found.filter(({ verdict }) => 'value' in verdict).length;
	const [why] = found.flatMap(({ verdict }) => ('refusal' in verdict ? [verdict.refusal] : []));
	const said = [`The model gives ${given} of ${asked} values.`, ...(why === undefined ? [] : [`Placeholders stay for the others: ${why}`])];
	const chosen = await window.showInformationMessage(said.join(' '), 'Review', 'Update All');
	if (chosen) await commands.executeCommand(chosen === 'Review' ? 'co-clone.reviewCallers' : 'co-clone.updateAll', id);
}
