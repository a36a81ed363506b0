import { createRequire } from 'node:module';
import { Disposable, type ExtensionContext, type LogOutputChannel, workspace } from 'vscode';
import { readSettings } from './settings.ts';
import type { SignatureModel } from './signatures/fill.ts';

/** In a bundle of its own, because it is as large as a tenth of the rest and the start has to be quick. */
type Bundle = typeof import('../signatures.ts');

/** Tracks signatures as long as the setting says so. Where it never did nothing is loaded. */
export function signatureTracking(context: ExtensionContext, log: LogOutputChannel, model: SignatureModel): Disposable {
	const folder = context.asAbsolutePath('dist/extension.cjs');
	let running: Disposable | undefined;
	const follow = () => {
		const isOn = readSettings().signatures === 'on';
		if (!isOn) running?.dispose();
		if (!isOn) running = undefined;
		else running ??= begin();
	};
	const begin = () => {
		try {
			const { trackSignatures }: Bundle = createRequire(folder)('./signatures.cjs');
			return trackSignatures(context, log, model);
		} catch (error) {
			log.error(`Signatures are not tracked: ${error instanceof Error ? error.stack : error}`);
			return undefined;
		}
	};
	const start = setTimeout(follow);
	return Disposable.from(
		new Disposable(() => clearTimeout(start)),
		new Disposable(() => running?.dispose()),
		workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('co-clone.signatures') && follow()),
	);
}
