import { NameError } from './file-set.ts';
import { element } from './page.ts';

/** Asks for the name of a file until it can be had, or the user wants none. */
export class NameDialog {
	readonly #dialog = element('name-dialog', HTMLDialogElement);
	readonly #label = element('name-label', HTMLElement);
	readonly #input = element('name-input', HTMLInputElement);
	readonly #problem = element('name-problem', HTMLElement);
	#take: (name: string) => void = () => {};

	constructor() {
		element('name-form', HTMLFormElement).addEventListener('submit', (event) => {
			event.preventDefault();
			this.#submit();
		});
		element('name-cancel', HTMLButtonElement).addEventListener('click', () => this.#dialog.close());
	}

	/** @param take gets the name, and throws a NameError where that cannot be had */
	ask(label: string, name: string, take: (name: string) => void): void {
		this.#label.textContent = label;
		this.#input.value = name;
		this.#problem.textContent = '';
		this.#take = take;
		this.#dialog.showModal();
		this.#input.select();
	}

	#submit(): void {
		try {
			this.#take(this.#input.value);
			this.#dialog.close();
		} catch (error) {
			if (!(error instanceof NameError)) throw error;
			this.#problem.textContent = error.message;
		}
	}
}
