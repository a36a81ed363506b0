import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { everything } from '../../src/completion/gate.ts';
import { Access } from '../../src/gateway/access/access.ts';
import { Keys } from '../../src/gateway/access/keys.ts';
import { Log } from '../../src/gateway/access/log.ts';
import type { Open } from '../../src/gateway/access/one-gateway.ts';
import { backendOf } from '../../src/gateway/backend.ts';
import { listen } from '../../src/gateway/listen.ts';
import type { LanguageModel } from '../../src/model/language-model.ts';
import { OllamaModel } from '../../src/model/ollama.ts';
import { parseModel } from '../../src/model/ollama-address.ts';
import { signaturesWith } from '../../src/signature/compare.ts';
import { delay as pause } from '../../src/std/abortable.ts';
import { FakeOllama, type Script } from '../fake-ollama.ts';
import { grammars } from '../grammars.ts';
import { TemporaryFolder } from '../temporary-folder.ts';
import { environment } from './editor-page.ts';

/** What a playground is started with. */
interface Start {
	readonly script?: Partial<Script>;
	readonly scheme?: 'light' | 'dark';
	readonly model?: string;
	/** Stands between the gateway and the model. */
	readonly around?: (model: LanguageModel) => LanguageModel;
}

/** A gateway with its pages, in front of a server that answers by script, and a browser. */
export class Playground implements AsyncDisposable {
	readonly fake: FakeOllama;
	readonly page: Page;
	/** What the browser refused or the pages threw. */
	readonly problems: readonly string[];
	readonly #open: Open;
	readonly #folder: TemporaryFolder;

	private constructor(fake: FakeOllama, page: Page, problems: readonly string[], open: Open, folder: TemporaryFolder) {
		this.fake = fake;
		this.page = page;
		this.problems = problems;
		this.#open = open;
		this.#folder = folder;
	}

	/** Not signed in yet. */
	static async start(browser: Browser, start: Start = {}): Promise<Playground> {
		const { script, scheme = 'light', model: name = 'qwen2.5-coder:0.5b', around = (model) => model } = start;
		const fake = await FakeOllama.start({ models: [{ name }], ...script });
		const folder = await TemporaryFolder.create();
		const settings = parseModel(name, fake.url);
		const model = around(new OllamaModel(() => settings));
		const backend = backendOf({ model, policy: () => everything, now: () => performance.now(), delay: pause });
		const pages = { folder: resolve('out/test/playground'), signatures: signaturesWith((languageId) => grammars.parser(languageId)) };
		const access = new Access(new Keys(folder.path), Date.now, false);
		const problems: string[] = [];
		const log = new Log('error', (line) => problems.push(line));
		const open = await listen(backend, { port: 0, access, pages, log });
		const context = await browser.newContext({ colorScheme: scheme, viewport: { width: 1100, height: 720 }, acceptDownloads: true });
		const page = await context.newPage();
		page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
		page.on('pageerror', (error) => problems.push(error.message));
		return new Playground(fake, page, problems, open, folder);
	}

	/** Signed in, with the examples. */
	static async open(browser: Browser, start?: Start): Promise<Playground> {
		const playground = await Playground.start(browser, start);
		await playground.page.goto(await playground.link());
		await playground.says(/Model: /);
		return playground;
	}

	get url(): string {
		return this.#open.url;
	}

	async link(): Promise<string> {
		const headers = { authorization: `Bearer ${this.#open.token}`, 'content-type': 'application/json' };
		const response = await fetch(`${this.url}/playground/link`, { method: 'POST', headers, body: '{}' });
		return (await response.json()).link;
	}

	async says(text: RegExp): Promise<void> {
		await this.page.locator('#status').filter({ hasText: text }).waitFor({ timeout: 10_000 });
	}

	/** A file of its own, with the cursor at its end. */
	async create(path: string, text: string): Promise<void> {
		await this.page.getByRole('button', { name: 'New' }).click();
		await this.page.getByRole('textbox', { name: 'Name of the new file' }).fill(path);
		await this.page.keyboard.press('Enter');
		await this.page.locator('.cm-content').focus();
		await this.page.keyboard.insertText(text);
	}

	async type(text: string, intervalMs = 60): Promise<void> {
		await this.page.keyboard.type(text, { delay: intervalMs });
	}

	async ghost(): Promise<string> {
		const ghost = this.page.locator('.ghost');
		await ghost.waitFor({ timeout: 10_000 });
		return (await ghost.textContent()) ?? '';
	}

	async noGhost(): Promise<void> {
		await this.page.locator('.ghost').waitFor({ state: 'detached', timeout: 5000 });
	}

	/** What is written in the editor, without what is only suggested. */
	text(): Promise<string> {
		return this.page.evaluate(() => {
			const lines = [...document.querySelectorAll('.cm-line')];
			return lines
				.map((line) => {
					const copy = line.cloneNode(true);
					if (copy instanceof Element) for (const ghost of copy.querySelectorAll('.ghost')) ghost.remove();
					return copy.textContent;
				})
				.join('\n');
		});
	}

	async picture(name: string): Promise<void> {
		await this.page.screenshot({ path: join(environment('E2E_FOLDER'), `playground-${name}.png`) });
	}

	/** Whatever of it fails, the rest is closed, too: what stays open keeps the process from ending. */
	async [Symbol.asyncDispose](): Promise<void> {
		await using _folder = this.#folder;
		await using _fake = this.fake;
		await using _open = this.#open;
		const context = this.page.context();
		await context.close().catch((error: unknown) => {
			// A browser that is gone, because a test took too long, has taken it along.
			if (context.browser()?.isConnected()) throw error;
		});
	}
}

export async function until<T>(look: () => T | undefined): Promise<T> {
	for (let turns = 0; turns < 1000; turns++) {
		const found = look();
		if (found !== undefined) return found;
		await delay(10);
	}
	throw new Error('It never came.');
}
