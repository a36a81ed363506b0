import { getPriority, setPriority } from 'node:os';
import process from 'node:process';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { CodeIndex } from './context/code-index.ts';
import type { IndexAnswer, IndexOrder, IndexQuestion, IndexReport } from './context/index/index-wire.ts';
import { Indexer } from './context/index/indexer.ts';

/** The thread that has the index. It lives as long as whoever started it. */
function main(port: MessagePort): void {
	const report = (message: IndexReport) => port.postMessage(message);
	const indexer = new Indexer(workerData, report);
	const asking = new Map<number, AbortController>();
	let turn = Promise.resolve();
	const answer = async (id: number, question: IndexQuestion, before: Promise<void>) => {
		const controller = new AbortController();
		asking.set(id, controller);
		try {
			// Whoever has changed their mind meanwhile, or has no time any more, has said so by then.
			await before;
			await new Promise(setImmediate);
			report(await answerTo(id, question, indexer.index, controller.signal));
		} catch (error) {
			if (controller.signal.aborted) return;
			report({ kind: 'fault', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
			report({ kind: 'snippets', id, found: [] });
		} finally {
			asking.delete(id);
		}
	};
	port.on('message', (order: IndexOrder) => {
		if (order.kind === 'folders') indexer.setFolders(order.folders);
		else if (order.kind === 'changes') indexer.take(order.changes);
		else if (order.kind === 'question') turn = answer(order.id, order.question, turn);
		else if (order.kind === 'cancel') asking.get(order.id)?.abort();
		else {
			indexer.save();
			process.exit();
		}
	});
}

async function answerTo(id: number, question: IndexQuestion, index: CodeIndex, signal: AbortSignal): Promise<IndexAnswer> {
	if (question.kind === 'search') return { kind: 'snippets', id, found: await index.search(question.query, signal) };
	return { kind: 'definitions', id, found: await index.definitions(question.names, question.path, signal) };
}

/** Whoever types comes first. Only Linux gives a thread a priority of its own. */
function stepBack(): void {
	try {
		if (process.platform === 'linux') setPriority(Math.min(19, getPriority() + 5));
	} catch {
		// It is as it was.
	}
}

stepBack();
if (parentPort) main(parentPort);
