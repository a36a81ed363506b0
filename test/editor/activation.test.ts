import assert from 'node:assert/strict';
import { extensions } from 'vscode';
import { until } from './editor.ts';

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
		const contributed: { command: string }[] = extension.packageJSON.contributes?.commands ?? [];
		const missing = async () => {
			const registered = new Set(await commands.getCommands(true));
			return contributed.map(({ command }) => command).filter((command) => !registered.has(command));
		};
		// Some are in bundles that load after the start.
		await until(async () => (await missing()).length === 0, 'all commands').catch(() => {});
		assert.deepEqual(await missing(), []);
	});
});
