/**
 * Why a model could not answer. The user reads `message`; what to do about it depends on where they are (editor, command line).
 *
 * - `unreachable`: nothing answers at the address.
 * - `stalled`: the server took the request and went silent.
 * - `model-missing`: the server does not have this model.
 * - `no-infill`: the model cannot fill a hole in code (no fill-in-the-middle), so completions would be guesses.
 * - `overloaded`: the server refuses more work for now.
 * - `no-memory`: the model does not fit into the memory that is free.
 * - `not-allowed`: the server is another machine, and nobody has said that it may have code.
 * - `signed-out`: the server lets in only who is signed in there.
 * - `bad-response`: something answers, but not as a model server does.
 */
export type ModelErrorCode =
	| 'unreachable'
	| 'stalled'
	| 'model-missing'
	| 'no-infill'
	| 'overloaded'
	| 'no-memory'
	| 'not-allowed'
	| 'signed-out'
	| 'bad-response';

export class ModelError extends Error {
	override readonly name: string = 'ModelError';
	readonly code: ModelErrorCode;
	/** How long the server wants to be left alone, where it says so. */
	readonly retryAfterMs: number | undefined;

	constructor(code: ModelErrorCode, message: string, cause?: unknown, retryAfterMs?: number) {
		super(message, { cause });
		this.code = code;
		this.retryAfterMs = retryAfterMs;
	}
}

/** A failure that is news already: whoever asks what model there is, and then that one, gets an answer, or hears why not. */
export class AskAgain extends ModelError {
	override readonly name = 'AskAgain';

	constructor({ code, message }: ModelError) {
		super(code, message);
	}
}
