import { relative } from 'node:path';
import { installDependencies } from './setup/dependencies.mjs';
import { kilobytes, packageExtension } from './setup/extension-package.mjs';
import { messageOf, root, step } from './setup/steps.mjs';

/** `npm run package`: the .vsix that people install, and what it weighs. */
try {
	await step('Installing dependencies', installDependencies);
	const { vsix, bundleBytes, vsixBytes } = await step('Packaging the extension', () => packageExtension());
	console.log(`  dist/extension.cjs ${kilobytes(bundleBytes)}`);
	console.log(`  ${relative(root, vsix)} ${kilobytes(vsixBytes)}`);
} catch (error) {
	console.error(`\n${messageOf(error)}`);
	process.exitCode = 1;
}
