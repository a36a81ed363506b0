import type { Disposable, ExtensionContext, LogOutputChannel } from 'vscode';
import { SignatureTracking } from './vscode/signatures/feature.ts';

/** What the extension loads once it has started: nobody waits for it. */
export function trackSignatures(context: ExtensionContext, log: LogOutputChannel): Disposable {
	return new SignatureTracking(context, log);
}
