import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { IndexEvent } from '../context/worker-index.ts';

const token = 'co-clone/index';

/** Shows in the client how far the folders are read. */
export class Progress {
	readonly #connection: MessageConnection;
	/** Folders that are still to be read. */
	#left = 0;
	/** Whether the client has a place for it, as soon as it has said so. */
	#isShown: Promise<boolean> = Promise.resolve(false);

	constructor(connection: MessageConnection) {
		this.#connection = connection;
	}

	begin(folders: number): void {
		const isThere = this.#left > 0;
		this.#left = folders;
		if (isThere || folders === 0) return;
		this.#isShown = this.#connection.sendRequest('window/workDoneProgress/create', { token }).then(
			() => true,
			() => false,
		);
		this.#say({ kind: 'begin', title: 'Co-Clone reads the codebase' });
	}

	note(event: IndexEvent): void {
		if (this.#left === 0) return;
		if (event.kind === 'progress') this.#say({ kind: 'report', message: `${event.done} of ${event.total} files` });
		else {
			// After a fault nobody knows how long it takes.
			this.#left = event.kind === 'fault' ? 0 : this.#left - 1;
			if (this.#left === 0) this.#say({ kind: 'end' });
		}
	}

	#say(value: object): void {
		void this.#isShown.then((isShown) => {
			if (isShown) void this.#connection.sendNotification('$/progress', { token, value });
		});
	}
}
