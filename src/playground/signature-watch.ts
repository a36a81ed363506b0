import type { Gateway, Plan } from './gateway.ts';
import { explain, isAbort } from './opening.ts';
import { element, make } from './page.ts';
import { editsIn, needy, summary, sureness } from './updates.ts';
import type { Workbench } from './workbench.ts';

/** Who has not typed for so long rests. */
const restMs = 500;

/** Says that functions have another signature than before, and updates what depends on them where the user wants that. */
export class SignatureWatch {
	readonly #gateway: Pick<Gateway, 'changes'>;
	readonly #workbench: Workbench;
	readonly #alert: (message: string) => void;
	readonly #region = element('changes', HTMLElement);
	readonly #summary = element('changes-summary', HTMLElement);
	readonly #list = element('changes-list', HTMLElement);
	#resting: ReturnType<typeof setTimeout> | undefined;
	#asking: AbortController | undefined;
	#plan: { readonly plan: Plan; readonly texts: ReadonlyMap<string, string> } | undefined;

	constructor(gateway: Pick<Gateway, 'changes'>, workbench: Workbench, alert: (message: string) => void) {
		this.#gateway = gateway;
		this.#workbench = workbench;
		this.#alert = alert;
		element('changes-apply', HTMLButtonElement).addEventListener('click', () => this.apply());
		element('changes-dismiss', HTMLButtonElement).addEventListener('click', () => this.dismiss());
	}

	/** Something was edited: what was planned is for another text. */
	edited(): void {
		clearTimeout(this.#resting);
		this.#asking?.abort();
		this.#resting = setTimeout(() => void this.#look(), restMs);
	}

	/** Edits everything that the plan names, if all of it still is what was planned for. */
	apply(): void {
		const { plan, texts } = this.#plan ?? {};
		if (!plan || !texts) return;
		const paths = [...new Set(needy(plan).map(({ path }) => path))];
		const isSame = paths.every((path) => this.#workbench.textOf(path) === texts.get(path));
		if (isSame) {
			for (const path of paths) this.#workbench.edit(path, editsIn(path, needy(plan)));
			this.dismiss();
		} else this.edited();
	}

	dismiss(): void {
		this.#workbench.settle();
		this.#show(undefined);
		this.#workbench.view.focus();
	}

	async #look(): Promise<void> {
		const asking = new AbortController();
		this.#asking = asking;
		const { files } = this.#workbench;
		const isEdited = files.some(({ text, before }) => text !== before);
		try {
			const plan = isEdited ? await this.#gateway.changes(files, asking.signal) : undefined;
			if (asking.signal.aborted) return;
			this.#plan = plan && { plan, texts: new Map(files.map(({ path, text }) => [path, text])) };
			this.#show(plan);
		} catch (error) {
			if (!isAbort(error)) this.#alert(explain(error));
		}
	}

	#show(plan: Plan | undefined): void {
		const updates = plan ? needy(plan) : [];
		this.#region.hidden = updates.length === 0;
		this.#summary.textContent = plan && updates.length > 0 ? summary(plan) : '';
		this.#list.replaceChildren(
			...updates.map((update) => {
				const { path, line, reason } = update;
				const go = make('button', { type: 'button', textContent: `${path}:${line}`, onclick: () => this.#go(path, line) });
				return make('li', {}, go, ` ${sureness(update)}: ${reason}`);
			}),
		);
	}

	#go(path: string, line: number): void {
		const { view } = this.#workbench;
		this.#workbench.show(path);
		view.dispatch({ selection: { anchor: view.state.doc.line(line).from }, scrollIntoView: true });
		view.focus();
	}
}
