import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { EditorState } from '@codemirror/state';
import { SignIn } from '../../src/gateway/playground/sign-in.ts';
import { checkedPath, freePath } from '../../src/playground/file-set.ts';
import type { PlannedUpdate } from '../../src/playground/gateway.ts';
import { ghostIn, ghostText, nextWord, restOf, setGhost } from '../../src/playground/ghost.ts';
import { Neighbours } from '../../src/playground/neighbours.ts';
import { around } from '../../src/playground/surroundings.ts';
import { applied, summary } from '../../src/playground/updates.ts';
import { signaturesWith } from '../../src/signature/compare.ts';
import { grammars } from '../grammars.ts';
import { Served } from '../served.ts';

const area = 'export function area(width: number, height: number) {}\n';
const scaled = 'export function area(width: number, height: number, scale = 1) {}\n';
const room = "import { area } from './area.ts';\narea(1, 2);\n";

async function withPages(): Promise<Served> {
	const pages = { folder: resolve('out/test/playground'), signatures: signaturesWith((languageId) => grammars.parser(languageId)) };
	return Served.start('', { pages });
}

describe('the playground’s routes', () => {
	for (const path of ['/', '/ide', '/regions']) {
		it(`serves ${path} to anybody, with nothing inline and nothing from elsewhere`, async () => {
			await using served = await withPages();
			const browser = { authorization: '', accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
			const responses = [await served.get(path, browser), await served.get(path, browser)];
			const policies = responses.map(({ headers }) => headers.get('content-security-policy') ?? '');
			for (const [index, response] of responses.entries()) {
				const html = await response.text();
				assert.match(policies[index] ?? '', /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/);
				assert.doesNotMatch(policies[index] ?? '', /unsafe|\*|https?:/);
				assert.doesNotMatch(html, /<script(?![^>]* src="\/playground\/)|<style|\son\w+=|style=|https?:\/\/(?!www\.w3)|\{\{/);
			}
			assert.notEqual(policies[0], policies[1]);
		});
	}

	it('serves no file but its own', async () => {
		await using served = await withPages();
		for (const path of ['/playground/ide.js', '/playground/style.css', '/playground/examples.json']) {
			assert.equal((await served.get(path, { authorization: '' })).status, 200, path);
		}
		for (const name of ['ide.html', '..%2Fcli.cjs', '%2e%2e%2fcli.cjs', 'nothing.js']) {
			assert.equal((await served.get(`/playground/${name}`)).status, 404, name);
		}
	});

	it('lets a page in by a link, once, to complete and not to manage', async () => {
		await using served = await withPages();
		const { link } = await (await served.post('/playground/link', {})).json();
		assert.match(link, new RegExp(`^${served.url}/ide#code=[\\w-]{43}$`));
		const code = link.replace(/.*code=/, '');
		const entered = await served.post('/playground/sign-in', { code });
		const { token } = await entered.json();
		assert.equal(entered.headers.get('set-cookie'), null);
		const again = await served.post('/playground/sign-in', { code });
		assert.deepEqual([again.status, (await again.json()).error.code], [401, 'used-link']);
		const page = { authorization: `Bearer ${token}` };
		assert.equal((await served.get('/co-clone/facts', page)).status, 200);
		assert.equal((await served.get('/v1/co-clone/status', page)).status, 403);
		const linked = await fetch(`${served.url}/playground/link`, {
			method: 'POST',
			headers: { ...page, 'content-type': 'application/json' },
			body: '{}',
		});
		assert.equal(linked.status, 403);
	});

	it('asks for a token wherever there is anything to ask for', async () => {
		await using served = await withPages();
		for (const path of ['/playground/link', '/playground/functions', '/playground/changes']) {
			const response = await fetch(`${served.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
			assert.equal(response.status, 401, path);
		}
	});

	it('answers its own pages, and no others', async () => {
		await using served = await withPages();
		assert.equal((await served.get('/co-clone/facts', { origin: served.url })).status, 200);
		for (const origin of ['http://127.0.0.1:1', 'https://evil.example', 'null']) {
			assert.equal((await served.get('/co-clone/facts', { origin })).status, 403, origin);
		}
		await using without = await Served.start('');
		assert.equal((await without.get('/co-clone/facts', { origin: without.url })).status, 403);
	});

	it('lists functions, and says what becomes of callers', async () => {
		await using served = await withPages();
		const files = [
			{ path: 'area.ts', text: area },
			{ path: 'room.ts', text: room },
		];
		const { functions } = await (await served.post('/playground/functions', { files })).json();
		assert.deepEqual(functions, [{ path: 'area.ts', name: 'area', signature: 'area(width: number, height: number)', line: 1 }]);
		const changed = [
			{ path: 'area.ts', text: scaled.replace(' = 1', ': number'), before: area },
			{ path: 'room.ts', text: room, before: room },
		];
		const { changes, dependents } = await (await served.post('/playground/changes', { files: changed })).json();
		assert.deepEqual(
			changes.map(({ name }: { name: string }) => name),
			['area'],
		);
		const [call] = dependents.filter(({ edits }: PlannedUpdate) => edits.length > 0);
		assert.deepEqual([call.path, call.line, call.sure], ['room.ts', 2, 'L']);
		assert.equal(applied(changed, dependents).get('room.ts'), room.replace('2)', '2, TODO_scale)'));
	});

	it('says what is wrong with files', async () => {
		await using served = await withPages();
		const response = await served.post('/playground/changes', { files: [{ path: 'a.ts' }] });
		assert.deepEqual([response.status, (await response.json()).error.message], [400, 'Send “text”, a text.']);
	});
});

describe('signing a page in', () => {
	it('ends when nobody has used the page for half a day', () => {
		let now = 0;
		const pages = new SignIn(() => now);
		const token = pages.exchange(pages.offer());
		const calls = () => pages.clientOf(`Bearer ${token}`) !== undefined;
		now += 11 * 3_600_000;
		assert.ok(calls());
		now += 11 * 3_600_000;
		assert.ok(calls());
		now += 13 * 3_600_000;
		assert.ok(!calls());
		assert.ok(!calls());
	});

	it('forgets the oldest links and pages', () => {
		const pages = new SignIn(() => 0);
		const [first = '', ...others] = Array.from({ length: 17 }, () => pages.offer());
		assert.equal(pages.exchange(first), undefined);
		assert.equal(new Set(others.map((code) => pages.clientOf(`Bearer ${pages.exchange(code)}`)?.id)).size, 16);
		assert.equal(pages.clientOf('Bearer '), undefined);
		assert.equal(pages.clientOf(null), undefined);
	});
});

/** `return |` with “left + right;” suggested at its end. */
function suggested() {
	const state = EditorState.create({ doc: 'return ', selection: { anchor: 7 }, extensions: [ghostText] });
	return state.update({ effects: setGhost.of({ origin: 7, text: 'left + right;', typed: 0, replaces: 0 }) }).state;
}

/** Types at a place, and says what is still suggested then. */
function after(insert: string, at = 7, cursor = at + insert.length): string | undefined {
	const { state } = suggested().update({ changes: { from: at, insert }, selection: { anchor: cursor } });
	const ghost = ghostIn(state);
	return ghost && restOf(ghost);
}

describe('ghost text on the page', () => {
	it('stays while it is typed along, and is gone with everything else', () => {
		assert.equal(after('l'), 'eft + right;');
		assert.equal(after('left +'), ' right;');
		assert.equal(after('left + right;'), undefined);
		assert.equal(after('r'), undefined);
		assert.equal(after('l', 6), undefined);
		assert.equal(after('l', 7, 7), undefined);
		assert.equal(ghostIn(suggested().update({ changes: { from: 6, to: 7 } }).state), undefined);
		assert.equal(ghostIn(suggested().update({ selection: { anchor: 3 } }).state), undefined);
		assert.equal(ghostIn(suggested().update({ selection: { anchor: 3, head: 7 } }).state), undefined);
		assert.notEqual(ghostIn(suggested().update({ selection: { anchor: 7 } }).state), undefined);
	});

	it('is accepted word by word: `left + right;`', () => {
		const words: string[] = [];
		for (let rest = 'left + right;'; rest !== ''; rest = rest.slice(words.at(-1)?.length)) words.push(nextWord(rest));
		assert.deepEqual(words, ['left', ' +', ' right', ';']);
	});
});

describe('the playground’s pages', () => {
	it('checks names: `/src//cart.ts` → `src/cart.ts`', () => {
		assert.equal(checkedPath(' /src//./cart.ts ', []), 'src/cart.ts');
		assert.equal(checkedPath('src\\cart.ts', []), 'src/cart.ts');
		assert.throws(() => checkedPath('  ', []), /needs a name/);
		assert.throws(() => checkedPath('../cart.ts', []), /out of the folder/);
		assert.throws(() => checkedPath('a/cart.ts', ['a/cart.ts']), /a\/cart\.ts” already/);
		assert.throws(() => checkedPath('x'.repeat(201), []), /200 characters/);
	});

	it('finds a name that is free: `cart.ts` → `cart-3.ts`', () => {
		assert.equal(freePath('cart.ts', new Set(['cart.ts', 'cart-2.ts'])), 'cart-3.ts');
		assert.equal(freePath('Makefile', new Set(['Makefile'])), 'Makefile-2');
		assert.equal(freePath('src/a.test.ts', new Set()), 'src/a.test.ts');
	});

	it('applies edits from the end, and those that are there twice once', () => {
		const update = { path: 'a.ts', line: 1, sure: 'D', reason: '', change: 0 };
		const edits = [
			{ start: 2, end: 3, newText: 'two' },
			{ start: 0, end: 1, newText: 'one' },
		];
		const updates = [
			{ ...update, edits },
			{ ...update, edits: edits.slice(1) },
			{ ...update, path: 'b.ts', edits: [] },
		];
		const files = ['a.ts', 'b.ts'].map((path) => ({ path, text: '1 2 3' }));
		assert.deepEqual([...applied(files, updates)], [['a.ts', 'one two 3']]);
	});

	it('says how many places there are', () => {
		const change = { path: 'a.ts', name: 'area', before: '', after: '' };
		const place = { path: 'a.ts', line: 1, sure: 'D', reason: '', change: 0, edits: [{ start: 0, end: 0, newText: 'x' }] };
		const said = (...dependents: PlannedUpdate[]) => summary({ changes: [change], dependents });
		assert.equal(summary({ changes: [], dependents: [] }), 'No signature changed.');
		assert.equal(said(), 'The signature of area changed. Nothing has to be updated.');
		assert.equal(said(place), 'The signature of area changed. 1 place in 1 file needs an update.');
		assert.equal(said(place, { ...place, path: 'b.ts' }), 'The signature of area changed. 2 places in 2 files need an update.');
		assert.equal(said({ ...place, edits: [] }), 'The signature of area changed. Nothing has to be updated.');
	});

	it('sends what the other files declare of what is named near the cursor and imported, the most important last', () => {
		const price =
			'export interface Rate {\n\tpercent: number;\n}\n\nexport function discounted(cents: number, rate: Rate): number {\n\treturn 0;\n}\n';
		const files = new Map([
			['src/price.ts', price],
			['src/cart.ts', 'export function total() {}\n'],
			['tools/price.py', 'def other(cents):\n    pass\n'],
		]);
		const texts = new Map([...files].map(([path, text]) => [path, EditorState.create({ doc: text }).doc]));
		const neighbours = new Neighbours(() => texts);
		const prefix = "import { type Rate, discounted } from './price.ts';\n\nexport function total() {\n\treturn discounted(";
		assert.deepEqual(neighbours.of({ path: 'src/cart.ts', prefix, suffix: ')' }), [
			{ path: 'src/price.ts', text: 'export interface Rate {\n\tpercent: number;\n}', startLine: 0 },
			{ path: 'src/price.ts', text: 'export function discounted(cents: number, rate: Rate): number', startLine: 4 },
		]);
		texts.delete('src/price.ts');
		assert.deepEqual(neighbours.of({ path: 'src/cart.ts', prefix, suffix: ')' }), []);
	});

	it('sends what is around the cursor, from a line that stays the same for a hundred lines', () => {
		const lines = Array.from({ length: 1000 }, (_, index) => `line ${index + 1}`);
		const text = lines.join('\n');
		const startOf = (number: number) => lines.slice(0, number - 1).join('\n').length + (number > 1 ? 1 : 0);
		const document = {
			lines: lines.length,
			length: text.length,
			lineAt: (position: number) => ({ number: text.slice(0, position).split('\n').length }),
			line: (number: number) => ({ from: startOf(number), to: startOf(number) + (lines[number - 1]?.length ?? 0) }),
			sliceString: (from: number, to: number) => text.slice(from, to),
		};
		for (const line of [501, 550, 600]) {
			const { prefix, suffix } = around(document, startOf(line));
			assert.match(prefix, /^line 301\n/);
			assert.ok(prefix.endsWith(`line ${line - 1}\n`));
			assert.match(suffix, new RegExp(`^line ${line}\\n[^]*\\nline ${line + 100}$`));
		}
		assert.deepEqual(around({ ...document, lines: 1 }, 0).prefix, '');
	});
});
