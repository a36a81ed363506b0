import { showAnswered } from './answered.ts';
import { NameDialog } from './ask-name.ts';
import { Asking } from './asking.ts';
import { Gateway, type Used } from './gateway.ts';
import { KeptFiles } from './kept-files.ts';
import { Neighbours } from './neighbours.ts';
import { explain, open } from './opening.ts';
import { download, element, Page, textsOf } from './page.ts';
import { SignatureWatch } from './signature-watch.ts';
import { Workbench } from './workbench.ts';

const page = new Page();
const gateway = new Gateway(sessionStorage, showAnswered);
const kept = new KeptFiles(sessionStorage, (message) => page.alert(message));
const names = new NameDialog();
const spoken = element('spoken', HTMLElement);
const reason = element('reason', HTMLElement);
const used = element('used', HTMLElement);

const asking = new Asking(
	gateway,
	{
		suggested: (text) => {
			reason.textContent = '';
			used.textContent = '';
			spoken.textContent = text === undefined ? '' : `Suggestion: ${text.trim()}`;
		},
		nothing: (message, trigger) => {
			reason.textContent = message;
			// At every key it would be said aloud.
			if (trigger === 'manual') page.status(message);
		},
		failed: (message) => page.alert(message),
		used: (context) => {
			used.textContent = usedText(context);
		},
	},
	() => workbench.active,
	new Neighbours(() => workbench.texts),
);
const workbench: Workbench = new Workbench(element('tabs', HTMLElement), element('panel', HTMLElement), asking, () => changed());
const watch = new SignatureWatch(gateway, workbench, (message) => page.alert(message));

/** “The model was also shown src/area.ts:1–3, src/room.ts:7.” */
function usedText(context: readonly Used[]): string {
	const places = context.map(({ path, startLine, endLine }) =>
		startLine === endLine ? `${path}:${startLine + 1}` : `${path}:${startLine + 1}–${endLine + 1}`,
	);
	return places.length > 0 ? `The model was also shown ${places.join(', ')}.` : '';
}

function changed(): void {
	kept.keep(() => workbench.files);
	watch.edited();
}

function on(id: string, act: () => void): void {
	element(id, HTMLButtonElement).addEventListener('click', act);
}

const upload = element('upload-input', HTMLInputElement);

on('new', () => names.ask('Name of the new file', 'untitled.ts', (name) => workbench.create(name)));
on('rename', () => names.ask('New name', workbench.active, (name) => workbench.rename(name)));
on('delete', () => workbench.delete());
on('download', () => download(workbench.active, workbench.textOf(workbench.active)));
on('upload', () => upload.click());
on('complete', () => {
	workbench.view.focus();
	asking.askHere(workbench.view);
});

upload.addEventListener('change', () => void add(upload.files ?? []));

async function add(chosen: Iterable<File>): Promise<void> {
	const { texts, refused } = await textsOf(chosen);
	const paths = texts.map(({ path, text }) => workbench.add(path, text));
	upload.value = '';
	if (paths[0] !== undefined) workbench.show(paths[0]);
	if (refused.length > 0) page.alert(`Not a text in UTF-8, or larger than 500 kB: ${refused.join(', ')}.`);
}

async function start(): Promise<void> {
	await open(gateway, page);
	for (const { path, text, before } of await kept.read()) workbench.add(path, text, before);
	const [first] = workbench.paths;
	if (first !== undefined) workbench.show(first);
	workbench.view.focus();
}

void start().catch((error) => page.alert(explain(error)));
