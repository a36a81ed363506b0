import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LanguageClient } from '../language-client.ts';
import { Served } from '../served.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const agent = resolve('node_modules/tabby-agent/dist/cli.js');
const text = 'def add(a, b):\n    return \n\nprint(add(1, 2))\n';
const uri = 'file:///src/add.py';
const place = { textDocument: { uri }, position: { line: 1, character: 11 } };

describe('tabby-agent', () => {
	it('completes at a cursor: `return |` → `return a + b`', async () => {
		await using served = await Served.start('a + b\n\nprint(3)');
		await using home = await TemporaryFolder.create();
		await using client = await agentIn(home.path, served);
		const { result } = await client.request('textDocument/completion', place);
		assert.equal(textOf(result), 'a + b');
		const [question] = served.model.questions;
		assert.match(question?.options.prompt ?? '', /return <\|fim_suffix\|>\n\nprint\(add\(1, 2\)\)/);
	});

	it('stops the model when its editor asks about something else', async () => {
		await using served = await Served.start();
		await using home = await TemporaryFolder.create();
		await using client = await agentIn(home.path, served);
		const first = client.request('textDocument/completion', place);
		const question = await served.model.asked(0);
		question.say('a');
		served.model.answer = () => 'add(3, 4)';
		const second = client.request('textDocument/completion', { ...place, position: { line: 3, character: 6 } });
		await question.over();
		assert.equal(textOf((await first).result), undefined);
		assert.equal(textOf((await second).result), 'add(3, 4)');
		assert.deepEqual(served.faults, []);
	});
});

/** The agent with that text open, as somebody has it who configured an address and a token. */
async function agentIn(home: string, { url, key }: Served): Promise<LanguageClient> {
	const folder = join(home, '.tabby-client', 'agent');
	await mkdir(folder, { recursive: true });
	const server = `[server]\nendpoint = "${url}"\ntoken = "${key}"\n`;
	await writeFile(join(folder, 'config.toml'), `${server}[anonymousUsageTracking]\ndisable = true\n`);
	const client = new LanguageClient(process.execPath, [agent, '--lsp', '--stdio'], {
		PATH: process.env['PATH'],
		HOME: home,
		USERPROFILE: home,
	});
	await client.request('initialize', { processId: null, rootUri: null, capabilities: {} });
	client.notify('initialized', {});
	client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'python', version: 1, text } });
	return client;
}

function textOf(result: unknown): string | undefined {
	const { items } = result as { readonly items: readonly { readonly textEdit?: { readonly newText: string } }[] };
	return items[0]?.textEdit?.newText;
}
