import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { readTraces } from '../../bench/replay/traces.ts';
import { Witness } from '../../bench/replay/witness.ts';
import { type Edit, isKey, type Trace } from '../../bench/traces/trace.ts';
import { fimTemplate } from '../../src/model/fim.ts';
import { environment } from './editor-page.ts';
import { Playground } from './playground-page.ts';

/** As many as half a minute has; E2E_KEYS for more. */
const keys = Number(process.env['E2E_KEYS'] ?? 60);
const longestPause = 700;
const data = process.env['E2E_DATA'] ?? '../shared/data';

/** What showed in one frame: the suggestion, and what is written around it. */
interface Seen {
	readonly before: string;
	readonly ghost: string;
	readonly after: string;
}

/** What the browser has besides the page, while a trace is typed. */
interface Watching {
	seen: Seen[];
	look: () => void;
}

/** Where there is no recording somebody types a function, now fast and now slowly. */
const unrecorded: Trace = {
	name: 'unrecorded',
	events: [
		{ kind: 'open', at: 0, path: '/src/area.ts', text: '' },
		{ kind: 'show', at: 0, path: '/src/area.ts' },
		...[
			...'export function area(width: number, height: number): number {\n\tconst both = width * height;\n\treturn both;\n}\n'.repeat(2),
		].map(
			(text, index): Edit => ({
				kind: 'edit',
				at: 100 + index * 90 + Math.floor(index / 7) * 500,
				path: '/src/area.ts',
				changes: [{ offset: index, removed: 0, text }],
				cursor: index + 1,
			}),
		),
	],
};

describe('the playground, with recorded typing', () => {
	let browser: Browser;
	before(async () => {
		await mkdir(environment('E2E_FOLDER'), { recursive: true });
		browser = await chromium.launch({ executablePath: environment('E2E_CHROMIUM'), args: ['--no-sandbox'] });
	});
	after(() => browser.close());

	it('never shows what is not for what stands there', async () => {
		const [trace = unrecorded] = await readTraces(['typescript'], data, { keys, longestPause });
		const template = fimTemplate({ name: 'qwen2.5-coder', canInsert: false });
		assert.ok(template);
		const witness = new Witness();
		let answers = 0;
		const tokens = () => [` value${++answers}`, '(', 'first', ', ', 'second', ');', '\n'];
		const around = (model: Parameters<Witness['listenTo']>[0]) => witness.listenTo(model, template);
		await using playground = await Playground.open(browser, { script: { tokens, prefill: 30, step: 15 }, around });
		await playground.page.evaluate(watch);
		const typed = await replay(trace, playground.page);
		const seen = await playground.page.evaluate(() => (window as unknown as Watching).seen);
		const stale = seen.filter(({ before, ghost, after }) => {
			witness.placed(before + after, before.length);
			return !witness.fits({ text: ghost, replaces: 0 });
		});
		const { generated } = playground.fake;
		const stopped = generated.filter(({ closedAt }) => closedAt !== undefined).length;
		console.log(
			`      ${trace.name}: ${typed} keys, ${generated.length} asked, ${stopped} stopped, ${seen.length} frames with ghost text, ${stale.length} stale`,
		);
		assert.ok(seen.length > 5, 'hardly anything was shown');
		assert.deepEqual(stale, []);
		assert.deepEqual(playground.problems, []);
	});
});

/** Looks at every frame that is painted. */
function watch(): void {
	const watching = window as unknown as Watching;
	watching.seen = [];
	// No named functions in here: the bundler would have them call a function that the page does not have.
	watching.look = () => {
		requestAnimationFrame(watching.look);
		const ghost = document.querySelector('.ghost');
		const line = ghost?.closest('.cm-line');
		if (!ghost || !line) return;
		const around = document.createRange();
		around.selectNodeContents(line);
		around.setEndBefore(ghost);
		const own = around.toString();
		around.selectNodeContents(line);
		around.setStartAfter(ghost);
		const above: string[] = [];
		for (let other = line.previousElementSibling; other && above.length < 20; other = other.previousElementSibling)
			above.unshift(`${other.textContent}\n`);
		const seen = { before: above.join('') + own, ghost: ghost.textContent ?? '', after: around.toString() };
		const last = watching.seen.at(-1);
		if (last?.before !== seen.before || last.ghost !== seen.ghost) watching.seen.push(seen);
	};
	requestAnimationFrame(watching.look);
}

/** Types like the trace, at its pace; what is no single key is put there as the recorded editor did it. Resolves to the number of keys. */
async function replay({ events }: Trace, page: Page): Promise<number> {
	const texts = new Map<string, string>();
	const started = performance.now();
	let shown = '';
	let typed = 0;
	for (const event of events) {
		await delay(Math.max(0, event.at - (performance.now() - started)));
		const { path } = event;
		if (event.kind === 'open') {
			texts.set(path, event.text);
			await upload(page, path, event.text);
		} else if (event.kind === 'show' && path !== shown) {
			shown = path;
			await page.getByRole('tab', { name: path.replace(/^\//, ''), exact: true }).click();
			await page.locator('.cm-content').focus();
		} else if (event.kind === 'move' && path === shown) await put(page, texts.get(path) ?? '', event.active, []);
		else if (event.kind === 'edit' && path === shown) {
			const text = texts.get(path) ?? '';
			const after = edited(text, event);
			texts.set(path, after);
			const [change] = event.changes;
			const isPlain = isKey(event) && change !== undefined && /^[\w .,;:=+\-*/]?$/.test(change.text);
			if (isPlain) await press(page, text, change.offset + change.removed, change.text);
			await put(page, after, event.cursor, isPlain ? [] : event.changes);
			typed++;
		}
	}
	return typed;
}

function edited(text: string, { changes }: Edit): string {
	return changes.reduceRight((sofar, { offset, removed, text: own }) => sofar.slice(0, offset) + own + sofar.slice(offset + removed), text);
}

async function upload(page: Page, path: string, text: string): Promise<void> {
	const name = path.replace(/^\//, '');
	await page.evaluate(
		([file, content]) => {
			const files = new DataTransfer();
			const made = new File([content ?? ''], file ?? '');
			Object.defineProperty(made, 'webkitRelativePath', { value: file });
			files.items.add(made);
			const input = document.querySelector('#upload-input');
			if (!(input instanceof HTMLInputElement)) return;
			input.files = files.files;
			Object.defineProperty(input.files[0], 'webkitRelativePath', { value: file });
			input.dispatchEvent(new Event('change'));
		},
		[name, text],
	);
	await page.getByRole('tab', { name, exact: true }).waitFor();
}

/** A real key at a place. */
async function press(page: Page, text: string, offset: number, key: string): Promise<void> {
	await put(page, text, offset, []);
	if (key === '') await page.keyboard.press('Backspace');
	else await page.keyboard.type(key);
}

/** Has the editor be as the trace has it: by these changes if they are given, or as it is already but for the cursor. */
async function put(page: Page, text: string, cursor: number, changes: Edit['changes']): Promise<void> {
	await page.evaluate(
		({ text, cursor, changes }) => {
			interface View {
				readonly state: {
					readonly doc: { readonly length: number; toString(): string };
					readonly selection: { readonly main: { readonly head: number } };
				};
				dispatch(what: object): void;
			}
			const content = document.querySelector('.cm-content') as unknown as { readonly cmTile: { readonly root: { readonly view: View } } };
			const { view } = content.cmTile.root;
			if (changes.length > 0) {
				const own = changes.map(({ offset, removed, text: insert }) => ({ from: offset, to: offset + removed, insert }));
				view.dispatch({ changes: own, selection: { anchor: cursor }, userEvent: 'input.type', scrollIntoView: true });
			}
			const { doc, selection } = view.state;
			if (doc.toString() !== text) view.dispatch({ changes: { from: 0, to: doc.length, insert: text }, selection: { anchor: cursor } });
			else if (selection.main.head !== cursor) view.dispatch({ selection: { anchor: cursor }, scrollIntoView: true });
		},
		{ text, cursor, changes: [...changes] },
	);
}
