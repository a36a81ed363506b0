import { languageOf } from '../completion/language.ts';
import { showAnswered } from './answered.ts';
import { type ComparedFile, Gateway, type Plan } from './gateway.ts';
import { explain, isAbort, open } from './opening.ts';
import { element, make, Page, textsOf } from './page.ts';
import { applied, needy, summary, sureness } from './updates.ts';

const page = new Page();
const gateway = new Gateway(sessionStorage, showAnswered);

/** Has a button start a job, and another one stop it; a newer run of it replaces the one before. */
function job(name: string, run: (signal: AbortSignal) => Promise<void>): void {
	const stop = element(`${name}-stop`, HTMLButtonElement);
	let running: AbortController | undefined;
	element(`${name}-form`, HTMLFormElement).addEventListener('submit', (event) => {
		event.preventDefault();
		running?.abort();
		const own = new AbortController();
		running = own;
		stop.disabled = false;
		run(own.signal)
			.catch((error) => isAbort(error) || page.alert(explain(error)))
			.finally(() => {
				if (running === own) stop.disabled = true;
			});
	});
	stop.addEventListener('click', () => running?.abort());
}

/** The text of an area around its cursor. */
function split(area: HTMLTextAreaElement): { prefix: string; suffix: string } {
	return { prefix: area.value.slice(0, area.selectionStart), suffix: area.value.slice(area.selectionEnd) };
}

/** Puts a text at the cursor of an area. */
function insert(area: HTMLTextAreaElement, text: string): void {
	area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
	area.focus();
}

const code = element('code', HTMLTextAreaElement);
const codeLanguage = element('code-language', HTMLSelectElement);
const codeAnswer = element('code-answer', HTMLElement);

job('code', async (signal) => {
	const { prefix, suffix } = split(code);
	codeAnswer.textContent = '';
	for await (const text of gateway.continue(prefix, suffix, codeLanguage.value, signal)) codeAnswer.append(text);
	page.status(codeAnswer.textContent === '' ? 'The model has nothing to add here.' : 'Done.');
});
element('code-insert', HTMLButtonElement).addEventListener('click', () => insert(code, codeAnswer.textContent ?? ''));

const context = element('context', HTMLTextAreaElement);
const contextPath = element('context-path', HTMLInputElement);
const incomplete = element('incomplete', HTMLTextAreaElement);
const incompletePath = element('incomplete-path', HTMLInputElement);
const contextAnswer = element('context-answer', HTMLElement);

job('context', async (signal) => {
	const path = incompletePath.value;
	const place = { path, languageId: languageOf(path), trigger: 'manual' as const, ...split(incomplete) };
	contextAnswer.textContent = '';
	for await (const said of gateway.complete({ ...place, context: [{ path: contextPath.value, text: context.value }] }, signal)) {
		if (said.kind === 'completion') contextAnswer.textContent = said.text;
		if (said.kind !== 'end') page.status(said.kind === 'completion' ? 'Done.' : said.message);
	}
});
element('context-insert', HTMLButtonElement).addEventListener('click', () => insert(incomplete, contextAnswer.textContent ?? ''));

const file = element('file', HTMLSelectElement);
const fileText = element('file-text', HTMLTextAreaElement);
const functions = element('functions', HTMLElement);
const found = element('found', HTMLElement);
const foundSummary = element('found-summary', HTMLElement);
const apply = element('apply', HTMLButtonElement);

/** By path; and what they were when they were scanned. */
const files = new Map<string, string>();
let scanned: ReadonlyMap<string, string> = new Map();
let planned: { readonly plan: Plan; readonly files: readonly ComparedFile[] } | undefined;

function showFile(path: string): void {
	file.replaceChildren(...[...files.keys()].map((each) => make('option', { value: each, textContent: each })));
	file.value = path;
	fileText.value = files.get(path) ?? '';
}

function showPlan(next: typeof planned): void {
	planned = next;
	const updates = next ? needy(next.plan) : [];
	foundSummary.textContent = next ? summary(next.plan) : '';
	apply.disabled = updates.length === 0;
	const signatures = (next?.plan.changes ?? []).map(({ path, before, after }) =>
		make('li', {}, `${path}: `, make('del', {}, before), ' → ', make('ins', {}, after)),
	);
	const places = updates.map((update) => make('li', {}, `${update.path}:${update.line} ${sureness(update)}: ${update.reason}`));
	found.replaceChildren(...signatures, ...places);
}

job('scan', async (signal) => {
	const list = await gateway.functions(
		[...files].map(([path, text]) => ({ path, text })),
		signal,
	);
	scanned = new Map(files);
	showPlan(undefined);
	functions.replaceChildren(...list.map(({ path, line, signature }) => make('li', {}, `${path}:${line} `, make('code', {}, signature))));
	page.status(`${list.length} functions in ${files.size} files. Change one of them, then detect what changed.`);
});

job('detect', async (signal) => {
	const compared = [...files].map(([path, text]) => ({ path, text, before: scanned.get(path) ?? text }));
	showPlan({ plan: await gateway.changes(compared, signal), files: compared });
	page.status(scanned.size === 0 ? 'Scan the codebase first: changes are those since then.' : 'Done.');
});

apply.addEventListener('click', () => {
	if (!planned) return;
	if (planned.files.some(({ path, text }) => files.get(path) !== text))
		return page.alert('The files were changed meanwhile. Detect again.');
	for (const [path, text] of applied(planned.files, needy(planned.plan))) files.set(path, text);
	scanned = new Map(files);
	showPlan(undefined);
	showFile(file.value);
	page.status('Everything that depends on it is updated.');
});
file.addEventListener('change', () => showFile(file.value));
fileText.addEventListener('input', () => files.set(file.value, fileText.value));

const upload = element('files', HTMLInputElement);
upload.addEventListener('change', () => void take(upload.files ?? []));

async function take(chosen: Iterable<File>): Promise<void> {
	const { texts, refused } = await textsOf(chosen);
	for (const { path, text } of texts) files.set(path, text);
	showFile(texts[0]?.path ?? file.value);
	if (refused.length > 0) page.alert(`Not a text in UTF-8, or larger than 500 kB: ${refused.join(', ')}.`);
}

async function start(): Promise<void> {
	await open(gateway, page);
	const response = await fetch('/playground/examples.json');
	const examples: readonly ComparedFile[] = await response.json();
	for (const { path, text } of examples) files.set(path, text);
	showFile(examples[0]?.path ?? '');
	for (const area of [code, incomplete]) area.setSelectionRange(area.value.length, area.value.length);
}

void start().catch((error) => page.alert(explain(error)));
