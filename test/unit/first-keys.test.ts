import assert from 'node:assert/strict';
import { window } from 'vscode';
import { VirtualClock } from '../../bench/clock.ts';
import { Document } from '../../bench/editor/document.ts';
import { host, InlineCompletionTriggerKind, Selection } from '../../bench/editor/vscode.ts';
import { GhostTextProvider, showGhostText } from '../../src/vscode/ghost-text.ts';
import { Journal } from '../../src/vscode/journal.ts';
import { OnScreen } from '../../src/vscode/on-screen.ts';
import { setUp } from '../scripted-engine.ts';

const never = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose() {} }) };

/** An editor that has just started us, and has not noticed yet. */
function start() {
	const clock = new VirtualClock();
	const { model, engine } = setUp();
	model.answer = () => ' left';
	const journal = new Journal(window.createOutputChannel('Co-Clone', { log: true }));
	const shown = showGhostText(new GhostTextProvider(engine, journal, new OnScreen(engine)));
	const [provider] = host.providers;
	const document = new Document('/a.ts', 'return');
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
	moveTo(6);
	return { clock, model, asked, moveTo, type, end };
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
