import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { installDependencies } from './setup/dependencies.mjs';
import { kilobytes, packageExtension } from './setup/extension-package.mjs';
import { messageOf, root, step } from './setup/steps.mjs';

/**
 * `npm run package`: the .vsix that people install, and what it weighs. `npm run package -- --target linux-x64` makes the one for a
 * platform, with the embedded engine.
 */
try {
	const { values } = parseArgs({ options: { target: { type: 'string' } } });
	await step('Installing dependencies', installDependencies);
	const { vsix, bundleBytes, vsixBytes } = await step('Packaging the extension', (report) => packageExtension({ ...values, report }));
	console.log(`  dist/extension.cjs ${kilobytes(bundleBytes)}`);
	console.log(`  ${relative(root, vsix)} ${kilobytes(vsixBytes)}`);
} catch (error) {
	console.error(`\n${messageOf(error)}`);
	process.exitCode = 1;
}
