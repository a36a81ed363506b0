import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cacheFolder, root } from './steps.mjs';

/**
 * What modules of the extension export, for scripts that do what the extension does. Needs the dependencies, esbuild among them.
 *
 * @param {string} name of the bundle under `.cache/`
 * @param {string[]} modules from the repository's root: `src/model/known-gguf.ts`
 */
export async function importSource(name, modules) {
	const { build } = await import('esbuild');
	const outfile = join(cacheFolder, 'scripts', `${name}.mjs`);
	const contents = modules.map((path) => `export * from './${path}';`).join('\n');
	await build({ stdin: { contents, resolveDir: root }, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'warning' });
	return await import(pathToFileURL(outfile).href);
}
