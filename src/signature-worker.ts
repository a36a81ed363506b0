import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Grammars } from './grammar/grammars.ts';
import { signaturesWith } from './signature/compare.ts';
import type { TrackingOrder, TrackingReport, TrackingStart } from './tracking/wire.ts';
import { WorkspaceSignatures } from './tracking/workspace-signatures.ts';

// Also for who wants to compare files once, and has no use for a thread: all languages are in this bundle, and need not be in another.
export { Grammars, signaturesWith };

/** The thread that tracks signatures: parsing and planning take longer than an editor may stand still. */
function main(port: MessagePort, start: TrackingStart): void {
	const report = (message: TrackingReport) => port.postMessage(message);
	const signatures = new WorkspaceSignatures(new Grammars(start.grammars), start.storage, report);
	// One after another: an edit counts on the text that was opened before it.
	let taken = Promise.resolve();
	port.on('message', (order: TrackingOrder) => {
		taken = taken
			.then(() => signatures.take(order))
			.catch((error: unknown) =>
				report({ kind: 'fault', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
			);
	});
}

if (parentPort) main(parentPort, workerData);
