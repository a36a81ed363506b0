import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { FakeOllama, type Script } from '../fake-ollama.ts';
import { LspClient } from '../lsp-client.ts';

const add = 'function add(left: number, right: number) {\n\treturn \n}\n';
const says = (...tokens: string[]): Partial<Script> => ({ tokens: () => tokens });

const modelOf = ({ url }: FakeOllama) => `${url}/qwen2.5-coder:0.5b`;

/** What a request is answered with when it fails. */
async function failureOf(asking: Promise<unknown>): Promise<{ readonly code: unknown; readonly message: string }> {
	const error = await asking.then(
		() => assert.fail('It was answered.'),
		(reason: unknown) => reason,
	);
	assert.ok(error instanceof Error && 'code' in error);
	return { code: error.code, message: error.message };
}

describe('co-clone lsp', () => {
	it('says what it does', async () => {
		await using fake = await FakeOllama.start();
		await using client = LspClient.start(modelOf(fake));
		assert.deepEqual(await client.initialize(), {
			capabilities: {
				positionEncoding: 'utf-16',
				textDocumentSync: { openClose: true, change: 2 },
				inlineCompletionProvider: true,
				workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
			},
			serverInfo: { name: 'co-clone' },
		});
	});

	it('completes: `return |` → `return left + right;`', async () => {
		await using fake = await FakeOllama.start(says(' left', ' + right;'));
		await using client = await LspClient.open(modelOf(fake), add);
		const place = { line: 1, character: 8 };
		assert.deepEqual(await client.ask(1, 8), [{ insertText: 'left + right;', range: { start: place, end: place } }]);
	});

	it('knows what was typed: `return |` ▸ `return l|` → `return left + right;`, without asking again', async () => {
		await using fake = await FakeOllama.start(says(' left', ' + right;'));
		await using client = await LspClient.open(modelOf(fake), add);
		await client.ask(1, 8);
		await client.edit(1, 8, 8, 'l');
		const [item] = await client.ask(1, 9);
		assert.equal(item?.insertText, 'eft + right;');
		assert.equal(fake.generated.length, 1);
	});

	it('replaces the closers that an answer brings itself: `add(|)` → `add(1, 2);`', async () => {
		await using fake = await FakeOllama.start(says('1, 2', ');'));
		await using client = await LspClient.open(modelOf(fake), 'const sum = add()\n');
		const [item] = await client.ask(0, 16);
		assert.deepEqual(item, { insertText: '1, 2);', range: { start: { line: 0, character: 16 }, end: { line: 0, character: 17 } } });
	});

	it('continues the selected entry of a list: `console.l|` with `log` → `log(sum);`', async () => {
		await using fake = await FakeOllama.start(says('(sum', ');'));
		await using client = await LspClient.open(modelOf(fake), 'const sum = 1;\nconsole.l\n');
		const range = { start: { line: 1, character: 8 }, end: { line: 1, character: 9 } };
		const [item] = await client.ask(1, 9, { triggerKind: 2, selectedCompletionInfo: { range, text: 'log' } });
		assert.deepEqual(item, { insertText: 'log(sum);', range });
	});

	for (const [encoding, column] of [
		['utf-8', 23],
		['utf-16', 19],
	] as const) {
		it(`counts columns in ${encoding}, in what is typed and in what is asked: \`const größe = "🎈"; re|\``, async () => {
			await using fake = await FakeOllama.start(says(' return', ' größe;'));
			await using client = await LspClient.open(modelOf(fake), 'const größe = "🎈";\n', undefined, [encoding]);
			await client.edit(0, column, column, ' re');
			const [item] = await client.ask(0, column + 3);
			assert.equal(item?.insertText, 'turn größe;');
			assert.match(String(fake.generated[0]?.body['prompt']), /const größe = "🎈";$/);
		});
	}

	it('answers with all of a block: `{|` → its lines', async () => {
		await using fake = await FakeOllama.start({ ...says('\n', '\tconst sum = left + right;\n', '\treturn sum;\n', '}\n'), step: 15 });
		await using client = await LspClient.open(modelOf(fake), 'function add(left: number, right: number) {\n');
		const [item] = await client.ask(0, 43, { triggerKind: 1 });
		assert.equal(item?.insertText, '\n\tconst sum = left + right;\n\treturn sum;\n}');
	});

	it('stops the model when the client cancels', async () => {
		await using fake = await FakeOllama.start({ ...says(' left', ' + right;'), prefill: 5000 });
		await using client = await LspClient.open(modelOf(fake), add);
		const source = new CancellationTokenSource();
		const asking = failureOf(client.ask(1, 8, { triggerKind: 2 }, source.token));
		const seen = await until(() => fake.generated[0]);
		const at = performance.now();
		source.cancel();
		assert.deepEqual(await asking, { code: -32800, message: 'Cancelled.' });
		const closedAt = await until(() => seen.closedAt);
		assert.ok(closedAt - at < 50, `${closedAt - at} ms`);
	}).retries(2);

	it('gives up what nobody waits for when something else is asked', async () => {
		await using fake = await FakeOllama.start({ ...says(' left', ' + right;'), step: 5000 });
		await using client = await LspClient.open(modelOf(fake), add);
		const first = client.ask(1, 8);
		const seen = await until(() => fake.generated.find(({ tokensSent }) => tokensSent > 0));
		fake.script.step = 0;
		await client.edit(1, 1, 8, 'const sum = ');
		const second = client.ask(1, 13);
		assert.deepEqual(await first, []);
		await until(() => seen.closedAt);
		assert.equal((await second)[0]?.insertText, 'left + right;');
		assert.equal(fake.mostAtOnce, 1);
	});

	it('says once per cause what is wrong with the model', async () => {
		await using fake = await FakeOllama.start();
		await using client = await LspClient.open(`${fake.url}/none`, add);
		for (let times = 0; times < 3; times++) assert.deepEqual(await client.ask(1, 8, { triggerKind: 1 }), []);
		assert.equal(client.logged.length, 1);
		assert.equal(client.logged[0]?.type, 1);
		assert.match(client.logged[0]?.message ?? '', /^Co-Clone: The model is not installed\. .*none.* --model NAME/);
	});

	it('sends no secrets', async () => {
		await using fake = await FakeOllama.start();
		await using client = await LspClient.open(modelOf(fake), 'KEY=\n', 'file:///project/.env');
		assert.deepEqual(await client.ask(0, 4, { triggerKind: 1 }), []);
		assert.equal(fake.generated.length, 0);
	});

	it('wants to be initialized once, and to be shut down before the end', async () => {
		await using fake = await FakeOllama.start();
		await using client = LspClient.start(modelOf(fake));
		assert.equal((await failureOf(client.ask(1, 8))).code, -32002);
		await client.initialize();
		assert.equal((await failureOf(client.initialize())).code, -32600);
		assert.equal((await failureOf(client.connection.sendRequest('textDocument/hover', {}))).code, -32601);
		assert.match((await failureOf(client.ask(1, 8))).message, /add\.ts is not open/);
		assert.equal(await client.connection.sendRequest('shutdown'), null);
		assert.equal((await failureOf(client.ask(1, 8))).code, -32600);
		assert.equal(await client.exit(), 0);
	});

	it('ends with 1 when nobody shut it down', async () => {
		await using fake = await FakeOllama.start();
		await using client = await LspClient.open(modelOf(fake), add);
		assert.equal(await client.exit(), 1);
		await using other = await LspClient.open(modelOf(fake), add);
		assert.equal(await other.hangUp(), 1);
	});
});

async function until<T>(look: () => T | undefined): Promise<T> {
	for (let turns = 0; turns < 1000; turns++) {
		const found = look();
		if (found !== undefined) return found;
		await delay(5);
	}
	throw new Error('It never came.');
}
