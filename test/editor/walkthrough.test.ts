import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { commands, window } from 'vscode';
import { accepted, cleanUp, serve, type, until } from './editor.ts';

describe('the walkthrough', () => {
	afterEach(cleanUp);

	/** The title of the tab depends on the version of the editor; its kind has no name in the API. */
	const isOpen = () => window.tabGroups.activeTabGroup.activeTab?.label.match(/Welcome|Walkthrough/) !== null;

	it('opens on demand', async () => {
		await commands.executeCommand('co-clone.getStarted');
		await until(() => window.tabGroups.activeTabGroup.activeTab !== undefined && isOpen(), 'the walkthrough');
	});

	it('has a sample, opened beside it, in which a suggestion fits', async () => {
		await using fake = await serve({ tokens: () => [' left', ' + right;', '\n'] });
		await commands.executeCommand('co-clone.getStarted');
		await until(() => window.tabGroups.activeTabGroup.activeTab !== undefined && isOpen(), 'the walkthrough');
		// It takes the focus once more when it has been drawn; nobody is as quick to press its button.
		await delay(1000);
		await commands.executeCommand('co-clone.openSample');
		await until(() => window.activeTextEditor?.document.languageId === 'typescript', 'the sample');
		const editor = window.activeTextEditor;
		assert.ok(editor);
		assert.equal(window.tabGroups.all.length, 2, 'both can be seen');
		await type('return ');
		assert.match(await accepted(editor), /add\(left: number, right: number\): number \{\n\treturn left \+ right;\|\n\}\n$/);
		assert.ok(fake.generated.length > 0);
	});
});
