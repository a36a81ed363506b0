import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import {
	CancellationTokenSource,
	commands,
	InlineCompletionTriggerKind,
	Range,
	Selection,
	type TextEditor,
	Uri,
	window,
	workspace,
} from 'vscode';
import { CompletionEngine } from '../../src/completion/complete.ts';
import { type Reason, reasons } from '../../src/completion/reason.ts';
import { ModelError, type ModelErrorCode } from '../../src/model/model-error.ts';
import { actionsFor, explain } from '../../src/vscode/advice.ts';
import { Battery } from '../../src/vscode/battery.ts';
import { GhostTextProvider } from '../../src/vscode/ghost-text.ts';
import { Inspector } from '../../src/vscode/inspector.ts';
import { Journal } from '../../src/vscode/journal.ts';
import { OnScreen } from '../../src/vscode/on-screen.ts';
import { Pauses } from '../../src/vscode/pauses.ts';
import { requestAt } from '../../src/vscode/request-at.ts';
import { Snooze } from '../../src/vscode/snooze.ts';
import { answer } from '../../src/vscode/why.ts';
import type { FakeOllama } from '../fake-ollama.ts';
import { ScriptedModel } from '../scripted-model.ts';
import { cleanUp, serve, set, show, until } from './editor.ts';

/** The extension's own parts at a model whose answers are written here; they are asked by hand, and not by the editor. */
class World {
	readonly model = new ScriptedModel();
	readonly #isDischarging: boolean;
	isIgnored: boolean | 'unknown' = false;
	readonly pauses: Pauses;
	readonly engine: CompletionEngine;
	readonly journal = new Journal(window.createOutputChannel('test', { log: true }));
	readonly onScreen: OnScreen;
	readonly provider: GhostTextProvider;

	constructor(isDischarging = false) {
		this.#isDischarging = isDischarging;
		this.pauses = new Pauses(new Snooze(), new Battery(async () => this.#isDischarging, 1000));
		const delay = async () => {};
		this.engine = new CompletionEngine({ model: this.model, policy: () => this.policy(), now: () => performance.now(), delay });
		this.onScreen = new OnScreen(this.engine);
		this.provider = new GhostTextProvider(this.engine, this.journal, this.onScreen);
	}

	says(text: string | Error): void {
		this.model.answer = () => text;
	}

	/** The editor's question at the cursor. */
	async ask(token = new CancellationTokenSource().token): Promise<void> {
		const { document, selection } = editor();
		const context = { triggerKind: InlineCompletionTriggerKind.Automatic, selectedCompletionInfo: undefined };
		await this.provider.provideInlineCompletionItems(document, selection.active, context, token);
	}

	request() {
		const { document, selection } = editor();
		return requestAt(document, selection.active, 'automatic');
	}

	why() {
		return answer(this.engine, this.journal, this.policy(), undefined);
	}

	policy() {
		return { ...this.pauses.policy(), isIgnored: () => this.isIgnored };
	}

	dispose(): void {
		this.pauses.dispose();
		this.onScreen.dispose();
	}
}

function editor(): TextEditor {
	assert.ok(window.activeTextEditor);
	return window.activeTextEditor;
}

/** What leads to a reason, and what of the answer that was dropped is shown. */
type Way = (world: World) => Promise<string | undefined>;

const answered =
	(picture: string, says: string, raw: string | undefined): Way =>
	async (world) => {
		await show(picture);
		world.says(says);
		await world.ask();
		return raw;
	};

const failing =
	(code: ModelErrorCode): Way =>
	async (world) => {
		await show('return |');
		world.says(new ModelError(code, 'The server said this.'));
		await world.ask();
		return undefined;
	};

const placed =
	(picture: string, setting?: readonly [name: string, value: unknown]): Way =>
	async () => {
		if (setting) await set(...setting);
		await show(picture);
		return undefined;
	};

/** One way for each of all reasons there are. */
const ways: Readonly<Record<Reason, Way>> = {
	disabled: placed('a |', ['enabled', false]),
	'language-off': placed('a |', ['languages', { typescript: false }]),
	'manual-only': placed('a |', ['trigger', 'manual']),
	snoozed: async ({ pauses }) => {
		await show('a |');
		pauses.snooze.start(5);
		return undefined;
	},
	'on-battery': async ({ pauses }) => {
		await set('pauseOnBattery', true);
		await show('a |');
		await until(() => pauses.policy().pause !== undefined, 'a look at the battery');
		return undefined;
	},
	untrusted: async () => {
		await show('a |');
		Object.defineProperty(workspace, 'isTrusted', { get: () => false, configurable: true });
		return undefined;
	},
	'secret-file': async () => {
		await show('|', Uri.parse('untitled:/home/me/.env'));
		return undefined;
	},
	'ignored-file': async (world) => {
		await show('a |');
		world.isIgnored = true;
		return undefined;
	},
	'rules-unread': async (world) => {
		await show('a |');
		world.isIgnored = 'unknown';
		return undefined;
	},
	'in-secret': placed("const apiKey = '4|'"),
	'not-editable': async ({ journal }) => {
		const inspector = new Inspector(new Journal(window.createOutputChannel('test', { log: true })));
		await inspector.show();
		inspector.dispose();
		assert.equal(journal.last, undefined);
		return undefined;
	},
	selection: async () => {
		const shown = await show('abc |');
		shown.selection = new Selection(0, 0, 0, 3);
		return undefined;
	},
	'several-cursors': async () => {
		const shown = await show('a\nb |');
		shown.selections = [new Selection(0, 1, 0, 1), new Selection(1, 1, 1, 1)];
		return undefined;
	},
	'long-line': placed(`${'x'.repeat(10_001)}|`),
	'in-comment': placed('// a |', ['comments', false]),
	'nothing-before-cursor': placed('|'),
	'backing-off': async (world) => {
		await failing('unreachable')(world);
		await editor().edit((edit) => edit.insert(editor().selection.active, '('));
		await world.ask();
		return undefined;
	},
	superseded: async (world) => {
		await show('return |');
		const asked = world.ask();
		await world.model.asked(0);
		const elsewhere = world.engine.complete({ ...world.request(), path: '/other.ts' }, AbortSignal.timeout(50));
		await asked;
		await elsewhere;
		return undefined;
	},
	cancelled: async (world) => {
		await show('return |');
		const source = new CancellationTokenSource();
		const asked = world.ask(source.token);
		await world.model.asked(0);
		source.cancel();
		await asked;
		return undefined;
	},
	'model-silent': answered('return |', '', undefined),
	'does-not-fit': answered('return |', '-value', '-'),
	'already-there': answered('a();\n|\nbee();', 'bee();', 'bee();'),
	'just-deleted': async (world) => {
		await show('return left + right;|');
		world.says('');
		await world.ask();
		await editor().edit((edit) => edit.delete(new Range(0, 'return '.length, 0, 'return left + right;'.length)));
		world.says(' left + right;');
		await world.ask();
		return 'left + right;';
	},
	rejected: async (world) => {
		await answered('return |', ' left;', undefined)(world);
		world.engine.reject(world.request(), { text: 'left;', replaces: 0 });
		await world.ask();
		return 'left;';
	},
	repetitive: answered('const xs = [|]', 'ab, '.repeat(40), 'ab, ab, ab'),
	'hidden-secret': answered('const token =|', ' HIDDEN_SECRET;', 'HIDDEN_SECRET'),
	unreachable: failing('unreachable'),
	stalled: failing('stalled'),
	'model-missing': failing('model-missing'),
	'no-infill': failing('no-infill'),
	overloaded: failing('overloaded'),
	'no-memory': failing('no-memory'),
	'not-allowed': failing('not-allowed'),
	'signed-out': failing('signed-out'),
	'bad-response': failing('bad-response'),
	bug: async (world) => {
		await show('return |');
		world.says(new TypeError('x is undefined'));
		await world.ask();
		return undefined;
	},
};

describe('Why Is There No Suggestion?, for every reason', () => {
	const trusted = Object.getOwnPropertyDescriptor(workspace, 'isTrusted') ?? {};
	let fake: FakeOllama;
	let world: World;

	beforeEach(async () => {
		fake = await serve();
	});
	afterEach(async () => {
		world.dispose();
		Object.defineProperty(workspace, 'isTrusted', trusted);
		await cleanUp();
		await fake[Symbol.asyncDispose]();
	});

	for (const [reason, way] of Object.entries(ways) as [Reason, Way][]) {
		it(`${reason}: ${reasons[reason]}`, async () => {
			world = new World(reason === 'on-battery');
			const raw = await way(world);
			const { message, actions } = world.why();
			assert.ok(message.startsWith(reasons[reason]), message);
			const advice = explain({ reason }).slice(reasons[reason].length);
			assert.ok(advice.trim().length > 10 && message.includes(advice), `what to do, in: ${message}`);
			if (raw !== undefined) assert.ok(message.includes(`The model said: “${raw}`), message);
			const known = await commands.getCommands(true);
			for (const { title, command } of actionsFor(reason)) {
				assert.ok(known.includes(command), command);
				assert.ok(actions.some((action) => action.title === title && action.command === command));
			}
			const wasAsked = world.journal.lastAsked !== undefined && raw !== undefined;
			assert.equal(actions.some(({ command }) => command === 'co-clone.inspectRequest') || !wasAsked, true, 'the request can be inspected');
		});
	}

	it('and when it came after the editor had taken its question back', async () => {
		world = new World();
		await show('return |');
		const source = new CancellationTokenSource();
		const asked = world.ask(source.token);
		const question = await world.model.asked(0);
		source.cancel();
		question.say(' left;');
		question.end();
		await asked;
		const { message, actions } = world.why();
		assert.match(message, /came too late.*“left;”/);
		assert.equal(actions[0]?.command, 'co-clone.completeHere');
	});

	it('and where nothing was asked, though something was at this place of the document before, which had no name either', async () => {
		world = new World();
		const { document: closed } = await show('return |');
		world.says(new ModelError('unreachable', 'The server said this.'));
		await world.ask();
		await cleanUp();
		const { document } = await show('foo(bar|)');
		assert.equal(document.uri.toString(), closed.uri.toString());
		assert.match(world.why().message, /^Nothing was asked at this place yet/);
	});

	it('and while the model is at it', async () => {
		world = new World();
		await show('return |');
		const source = new CancellationTokenSource();
		const asked = world.ask(source.token);
		const question = await world.model.asked(0);
		assert.match(world.why().message, /^The model (is being loaded|reads the text around the cursor) \(\d+ ms so far\)\.$/);
		question.say(' a');
		await delay(20);
		assert.match(world.why().message, /^The model writes \(\d+ ms so far\)\.$/);
		source.cancel();
		await asked;
	});
});

describe('Inspect Last Request', () => {
	let fake: FakeOllama;

	afterEach(async () => {
		await cleanUp();
		await fake[Symbol.asyncDispose]();
	});

	it('shows what was sent and what came back, in a document that nobody can edit, brought up to date when asked for again', async () => {
		fake = await serve({ tokens: () => [...' left + right;\n'] });
		for (const name of ['first', 'second']) {
			const { document } = await show(`${name}(|)`);
			await commands.executeCommand('co-clone.completeHere');
			await until(() => fake.generated.some(({ body }) => String(body['prompt']).endsWith(`${name}(`)), 'the question');
			await delay(300);
			assert.equal(window.activeTextEditor?.document, document);
			await commands.executeCommand('co-clone.inspectRequest');
			const page = editor().document;
			assert.equal(page.uri.scheme, 'co-clone-inspect');
			assert.equal(page.languageId, 'markdown');
			await until(() => page.getText().includes(`<|fim_middle|>${name}(`), `the prompt in ${page.getText()}`);
			assert.match(page.getText(), /- model: qwen2\.5-coder:0\.5b\n/);
			const before = page.version;
			await commands.executeCommand('type', { text: 'x' });
			assert.equal(page.version, before);
			await commands.executeCommand('workbench.action.closeActiveEditor');
		}
	});
});
