/**
 * Why a file cannot be used as a model.
 *
 * - `missing`, `not-a-file`, `no-permission`: it cannot be read.
 * - `not-gguf`: it is something else.
 * - `damaged`: it is GGUF, but cut off or otherwise not whole.
 * - `unsupported`: a GGUF that no engine of today reads.
 */
export type GgufErrorCode = 'missing' | 'not-a-file' | 'no-permission' | 'not-gguf' | 'damaged' | 'unsupported';

export class GgufError extends Error {
	override readonly name = 'GgufError';
	readonly code: GgufErrorCode;

	constructor(code: GgufErrorCode, message: string, cause?: unknown) {
		super(message, { cause });
		this.code = code;
	}
}
