/** The parts that every page has: a line that says how things are, and a place for what went wrong. Screen readers hear both. */
export class Page {
	readonly #status = element('status', HTMLElement);
	readonly #alert = element('alert', HTMLElement);

	status(text: string): void {
		this.#status.textContent = text;
		this.#alert.textContent = '';
		this.#alert.hidden = true;
	}

	alert(text: string): void {
		this.#alert.hidden = false;
		this.#alert.textContent = text;
	}
}

/** An element of the page's own HTML. */
export function element<T extends HTMLElement>(id: string, type: new () => T): T {
	const found = document.getElementById(id);
	if (found instanceof type) return found;
	throw new Error(`The page has no #${id}.`);
}

/** Makes an element with what is in it. */
export function make<K extends keyof HTMLElementTagNameMap>(
	name: K,
	properties: Partial<HTMLElementTagNameMap[K]>,
	...content: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
	const made = Object.assign(document.createElement(name), properties);
	made.append(...content);
	return made;
}

/** Has the browser save a text as a file. */
export function download(name: string, text: string): void {
	const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
	make('a', { href: url, download: name.replace(/.*\//, '') }).click();
	setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const mostBytes = 500_000;

/** The texts among files that the user chose, and the names of those that are none. */
export async function textsOf(chosen: Iterable<File>): Promise<{ texts: { path: string; text: string }[]; refused: string[] }> {
	const texts: { path: string; text: string }[] = [];
	const refused: string[] = [];
	for (const file of chosen) {
		const path = file.webkitRelativePath || file.name;
		const text = file.size > mostBytes ? undefined : await decoded(file);
		if (text === undefined) refused.push(path);
		else texts.push({ path, text });
	}
	return { texts, refused };
}

async function decoded(file: File): Promise<string | undefined> {
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
		return text.includes('\0') ? undefined : text.replaceAll('\r\n', '\n');
	} catch {
		return undefined;
	}
}
