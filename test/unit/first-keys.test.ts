import assert from 'node:assert/strict';
import { window } from 'vscode';
import { VirtualClock } from '../../bench/clock.ts';
import { Document } from '../../bench/editor/document.ts';
import { host, InlineCompletionTriggerKind, Selection } from '../../bench/editor/vscode.ts';
import type { CompletionPolicy } from '../../src/completion/gate.ts';
import { ModelError } from '../../src/model/model-error.ts';
import { GhostTextProvider, showGhostText } from '../../src/vscode/ghost-text.ts';
import { Journal } from '../../src/vscode/journal.ts';
import { OnScreen } from '../../src/vscode/on-screen.ts';
import { setUp } from '../scripted-engine.ts';

const never = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose() {} }) };

/** An editor that has just started us, and has not noticed yet; with a text that is as it was opened, or of a later version. */
function start(text = 'return', version = 1, policy: Partial<CompletionPolicy> = {}) {
	const clock = new VirtualClock();
	const { model, engine } = setUp(policy);
	model.answer = () => ' left';
	const journal = new Journal(window.createOutputChannel('Co-Clone', { log: true }));
	const document = new Document('/a.ts', text);
	document.version = version;
	const asked: Promise<readonly { readonly insertText: string }[] | undefined>[] = [];
	const moveTo = (offset: number) => {
		const cursor = document.positionAt(offset);
		const selection = new Selection(cursor, cursor);
		host.activeEditor = { document, selection, selections: [selection] };
		host.selected.fire({ textEditor: host.activeEditor });
		return cursor;
	};
	host.onTrigger = () => {
		const context = { triggerKind: InlineCompletionTriggerKind.Invoke, selectedCompletionInfo: undefined };
		const [provider] = host.providers;
		if (provider) asked.push(provider.provideInlineCompletionItems(document, moveTo(document.text.length), context, never));
	};
	const type = (text: string) => {
		const change = { rangeOffset: document.text.length, rangeLength: 0, text };
		document.change([change]);
		host.changed.fire({ document, contentChanges: [change], reason: undefined });
		moveTo(document.text.length);
	};
	const end = () => {
		shown.dispose();
		host.activeEditor = undefined;
		host.onTrigger = () => {};
		clock.close();
	};
	moveTo(text.length);
	const ghostText = new GhostTextProvider(engine, journal, new OnScreen(engine));
	const shown = showGhostText(ghostText);
	return { clock, model, engine, asked, ghostText, moveTo, type, end };
}

describe('what is typed before the editor knows of us', () => {
	it('is suggested for all the same, once the editor does, with what was asked for', async () => {
		const { clock, model, asked, type, end } = start();
		try {
			type(' ');
			await clock.advanceTo(599);
			assert.equal(model.questions.length, 1);
			assert.equal(asked.length, 0);
			await clock.advanceTo(600);
			assert.equal(asked.length, 1);
			assert.deepEqual(
				(await asked[0])?.map(({ insertText }) => insertText),
				['left'],
			);
			assert.equal(model.questions.length, 1, 'asked once');
			type('l');
			await clock.advanceTo(2000);
			assert.equal(asked.length, 1, 'from now on it asks by itself');
		} finally {
			end();
		}
	});

	it('is suggested for also when it was typed before we were started', async () => {
		const { clock, model, asked, end } = start('return ', 8);
		try {
			await clock.advanceTo(1);
			assert.equal(asked.length, 1);
			assert.deepEqual(
				(await asked[0])?.map(({ insertText }) => insertText),
				['left'],
			);
			assert.equal(model.questions.length, 1);
		} finally {
			end();
		}
	});

	it('is not, where nothing was typed', async () => {
		const { asked, ghostText, end } = start('return ', 1);
		try {
			await ghostText.askAnew();
			assert.equal(asked.length, 0);
		} finally {
			end();
		}
	});

	it('is suggested for once there is a model, unless something shows or the cursor has gone', async () => {
		const { clock, model, engine, asked, ghostText, moveTo, type, end } = start();
		try {
			model.answer = () => new ModelError('model-missing', 'There is none.');
			type(' ');
			await clock.advanceTo(600);
			assert.deepEqual(await asked[0], []);
			model.answer = () => ' left';
			engine.reset();
			await ghostText.askAnew();
			assert.equal((await asked[1])?.length, 1);
			await ghostText.askAnew();
			moveTo(0);
			await ghostText.askAnew();
			assert.equal(asked.length, 2);
		} finally {
			end();
		}
	});

	it('is suggested for once it is known that the file may be sent, and asked once', async () => {
		let isListed: boolean | 'unknown' = 'unknown';
		const { clock, model, asked, ghostText, type, end } = start('return', 1, { isIgnored: () => isListed });
		try {
			type(' ');
			await clock.advanceTo(600);
			assert.deepEqual(await asked[0], []);
			assert.equal(model.questions.length, 0);
			isListed = false;
			await ghostText.askAnew('not-allowed');
			assert.equal(asked.length, 1, 'it was not for that');
			await ghostText.askAnew('rules-unread');
			assert.equal((await asked[1])?.length, 1);
			await ghostText.askAnew('rules-unread');
			assert.equal(asked.length, 2);
			assert.equal(model.questions.length, 1);
		} finally {
			end();
		}
	});

	it('is not, when the cursor has gone elsewhere', async () => {
		const { clock, asked, moveTo, type, end } = start();
		try {
			type(' ');
			await clock.advanceTo(300);
			moveTo(0);
			await clock.advanceTo(2000);
			assert.equal(asked.length, 0);
		} finally {
			end();
		}
	});
});
