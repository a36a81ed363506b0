import { createRequire } from 'node:module';
import { join } from 'node:path';

type Bundle = typeof import('../../signature-worker.ts');
type Signatures = ReturnType<Bundle['signaturesWith']>;

/** All languages, in the bundle that has them anyway. Nothing of it is loaded before somebody asks. */
export function bundledSignatures(dist: string): Signatures {
	let loaded: Signatures | undefined;
	const load = () => {
		const { Grammars, signaturesWith }: Bundle = createRequire(join(dist, 'extension.cjs'))('./signature-worker.cjs');
		const grammars = new Grammars(join(dist, 'grammars'));
		return signaturesWith((languageId) => grammars.parser(languageId));
	};
	const signatures = () => {
		loaded ??= load();
		return loaded;
	};
	return {
		compare: (files, pause) => signatures().compare(files, pause),
		declarationsOf: (files) => signatures().declarationsOf(files),
	};
}
