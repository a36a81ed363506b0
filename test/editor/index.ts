import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

/**
 * What VS Code's extension host calls to run the editor tests: every `*.test.cjs` next to this file, in mocha.
 *
 * @throws when a test failed, which makes VS Code exit with code 1
 */
export async function run(): Promise<void> {
	markLines(process.env['EDITOR_TEST_LINE_MARK']);
	const isStrict = Boolean(process.env['CI']);
	const mocha = new Mocha({ ui: 'bdd', timeout: 90_000, forbidOnly: isStrict, forbidPending: isStrict });
	if (process.env['EDITOR_TEST_GREP']) mocha.grep(process.env['EDITOR_TEST_GREP']);
	for (const file of (await readdir(__dirname, { recursive: true })).sort()) {
		if (file.endsWith('.test.cjs')) mocha.addFile(join(__dirname, file));
	}
	const failures = await new Promise<number>((resolve) => mocha.run(resolve));
	if (failures > 0) throw new Error(`${failures} editor tests failed.`);
}

/** The launcher of a served VS Code tells our lines from VS Code's by a mark; a desktop VS Code has a console of its own and needs none. */
function markLines(mark: string | undefined): void {
	if (!mark) return;
	const original = console;
	const log = (...values: unknown[]) => original.log(format(...values).replaceAll(/^/gm, mark));
	// The extension host ignores assignments to `console.log`, so the whole console is replaced.
	globalThis.console = Object.create(original, { log: { value: log } });
	Mocha.reporters.Base.consoleLog = log;
}
