import { CodeLens, type CodeLensProvider, EventEmitter, type TextDocument } from 'vscode';
import { countOf } from '../../signature/count.ts';
import { type Changes, editable, needing, ofClass } from './changes.ts';
import { pathOf, rangeOf } from './places.ts';

/** Above a declaration that was edited: how many callers need an update, and one click for those that are certain. */
export class CallersLens implements CodeLensProvider {
	readonly #changes: Changes;
	readonly #changed = new EventEmitter<void>();
	readonly onDidChangeCodeLenses = this.#changed.event;

	constructor(changes: Changes) {
		this.#changes = changes;
		changes.onDidChange(() => this.#changed.fire());
	}

	provideCodeLenses({ uri }: TextDocument): CodeLens[] {
		const path = pathOf(uri);
		return this.#changes.typed
			.filter((change) => change.path === path)
			.flatMap((change) => {
				const range = rangeOf(change.nameRange);
				const isPartial = this.#changes.plan.isPartial;
				const certain = isPartial ? 0 : ofClass(editable(change), 'D').length;
				const all = new CodeLens(range, {
					title: isPartial ? `More than ${countOf(needing(change))}…` : countOf(needing(change)),
					tooltip: `${change.before} → ${change.after}`,
					command: 'co-clone.showCallers',
					arguments: [change.id],
				});
				const one = new CodeLens(range, {
					title: `Update ${certain} that ${certain === 1 ? 'is' : 'are'} certain`,
					command: 'co-clone.updateCertain',
					arguments: [change.id],
				});
				return certain > 0 ? [all, one] : [all];
			});
	}
}
