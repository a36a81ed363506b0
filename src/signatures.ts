import type { Disposable, ExtensionContext, LogOutputChannel } from 'vscode';
import { SignatureTracking } from './vscode/signatures/feature.ts';
import type { SignatureModel } from './vscode/signatures/fill.ts';

/** What the extension loads once it has started: nobody waits for it. */
export function trackSignatures(context: ExtensionContext, log: LogOutputChannel, model?: SignatureModel): Disposable {
	return new SignatureTracking(context, log, model);
}
