import assert from 'node:assert/strict';
import { extensions } from 'vscode';

describe('activation', () => {
	it('is installed and activates', async () => {
		const extension = extensions.getExtension('co-clone.co-clone');
		assert.ok(extension, 'VS Code does not know the extension co-clone.co-clone');
		await extension.activate();
		assert.equal(extension.isActive, true);
	});

	it('registers each command that its package.json contributes', async () => {
		const extension = extensions.getExtension('co-clone.co-clone');
		assert.ok(extension);
		await extension.activate();
		const { commands } = await import('vscode');
		const registered = new Set(await commands.getCommands(true));
		const contributed: { command: string }[] = extension.packageJSON.contributes?.commands ?? [];
		assert.deepEqual(
			contributed.map(({ command }) => command).filter((command) => !registered.has(command)),
			[],
		);
	});
});
