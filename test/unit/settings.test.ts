import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

/** Reads a file of the project. */
const read = (path: string) => readFileSync(path, 'utf8');
const { contributes } = JSON.parse(read('package.json'));
const settings: Record<string, { scope?: string; default?: unknown; markdownDescription?: string }> = contributes.configuration.properties;
const names = Object.keys(settings).map((name) => name.replace('co-clone.', ''));

/** The names in `interface Settings` and what it extends. */
function typedNames(): string[] {
	const own = /interface Settings extends CompletionPolicy \{([^}]*)\}/.exec(read('src/vscode/settings.ts'))?.[1] ?? '';
	const policy = /interface CompletionPolicy \{([^}]*)\}/.exec(read('src/completion/gate.ts'))?.[1] ?? '';
	return [...(own + policy).matchAll(/readonly (\w+):/g)].map((match) => match[1] ?? '');
}

describe('settings', () => {
	it('package.json and the type name the same ones', () => assert.deepEqual(names.toSorted(), typedNames().toSorted()));

	it('each is read', () => {
		for (const name of names) assert.match(read('src/vscode/settings.ts'), new RegExp(`get<unknown>\\('${name}'\\)`));
	});

	it('each has a description, a default and a row in the README', () => {
		for (const name of names) {
			assert.ok(settings[`co-clone.${name}`]?.markdownDescription, name);
			assert.notEqual(settings[`co-clone.${name}`]?.default, undefined, name);
			assert.match(read('README.md'), new RegExp(`\\| \`co-clone\\.${name}\` +\\|`));
		}
	});

	it('rule 21: no workspace can switch the gateway on, or say where it answers', () => {
		for (const name of names.filter((name) => /gateway/i.test(name))) assert.equal(settings[`co-clone.${name}`]?.scope, 'machine', name);
		assert.equal(settings['co-clone.gateway']?.default, 'off');
	});

	it('an address can only be set for the machine, so that no workspace can send code elsewhere', () => {
		for (const name of names.filter((name) => /url|key/i.test(name))) assert.equal(settings[`co-clone.${name}`]?.scope, 'machine', name);
	});
});

describe('commands', () => {
	const commands: { command: string; title: string }[] = contributes.commands;
	const sources = readdirSync('src/vscode', { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.map((file) => read(`src/vscode/${file}`))
		.join('\n');

	it('each is registered, and each that is registered is listed', () => {
		const files = ['src/vscode/commands.ts', 'src/vscode/signatures/commands.ts', 'src/vscode/gateway-switch.ts'];
		const handlers = files.map((file) => /const handlers[^{]*\{([\s\S]*?)\n\t\};/.exec(read(file))?.[1] ?? '');
		const registered = [...handlers.join('\n').matchAll(/^\t\t(\w+)[:,]/gm)].map((match) => `co-clone.${match[1]}`);
		assert.deepEqual(registered.toSorted(), commands.map(({ command }) => command).toSorted());
	});

	it('each that is mentioned exists', () => {
		const mentioned = [...sources.matchAll(/'(co-clone\.\w+)'/g)].map((match) => match[1] ?? '');
		const known = new Set([
			...commands.map(({ command }) => command),
			...Object.keys(settings),
			'co-clone.status',
			'co-clone.import',
			'co-clone.accepted',
			'co-clone.statisticsView',
			...Object.values(contributes.views).flatMap((views) => (views as { id: string }[]).map(({ id }) => id)),
			'co-clone.signatures',
		]);
		assert.deepEqual(
			mentioned.filter((name) => !known.has(name)),
			[],
		);
	});
});
