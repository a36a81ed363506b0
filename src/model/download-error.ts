/**
 * Why a model could not be installed. `message` says what happened and what to do.
 *
 * - `offline`: the server cannot be reached.
 * - `not-found`: the server does not have the file.
 * - `refused`: the server answers, but not with the file.
 * - `wrong-checksum`: what came is not the file it should be, and was deleted.
 * - `disk-full`, `no-permission`: the folder cannot take it.
 * - `interrupted`: it broke off; what has come is kept.
 */
export type DownloadErrorCode = 'offline' | 'not-found' | 'refused' | 'wrong-checksum' | 'disk-full' | 'no-permission' | 'interrupted';

export class DownloadError extends Error {
	override readonly name = 'DownloadError';
	readonly code: DownloadErrorCode;

	constructor(code: DownloadErrorCode, message: string, cause?: unknown) {
		super(message, { cause });
		this.code = code;
	}
}

/** The system's code of an error (`ENOSPC`), if it has one. */
export function systemCode(error: unknown): string | undefined {
	return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Puts what the file system says into the user's words. Anything else stays what it is. */
export function asDiskError(cause: unknown, folder: string): unknown {
	switch (systemCode(cause)) {
		case 'ENOSPC':
		case 'EDQUOT':
			return diskFull(folder, cause);
		case 'EACCES':
		case 'EPERM':
		case 'EROFS':
		case 'EBUSY':
			return new DownloadError('no-permission', `${folder} cannot be written to. Make it writable, and close what uses its files.`, cause);
		case 'ENOTDIR':
		case 'EEXIST':
			return new DownloadError('no-permission', `${folder} cannot be created: a file is in its way. Move that file.`, cause);
		case 'ENOENT':
			return new DownloadError('interrupted', `${folder} was deleted during the download. Start it again.`, cause);
		default:
			return cause;
	}
}

/** @param missing how many bytes do not fit, where that is known */
export function diskFull(folder: string, cause: unknown, missing?: number): DownloadError {
	const amount = missing === undefined ? 'some space' : `${Math.ceil(missing / 1e6)} MB`;
	return new DownloadError('disk-full', `The disk of ${folder} is full. Free ${amount} and start the download again.`, cause);
}

/** What closes a connection that was there. */
const broken = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'];

/** A request that was not answered, with the system's own word for it. */
export function unanswered(url: string, cause: unknown): DownloadError {
	const reason = cause instanceof Error ? (systemCode(cause.cause) ?? cause.message) : String(cause);
	if (broken.includes(reason)) return brokenOff(url, cause);
	const { host } = new URL(url);
	return new DownloadError('offline', `${host} cannot be reached (${reason}). Check the connection and the proxy settings.`, cause);
}

export function brokenOff(url: string, cause: unknown): DownloadError {
	const { host } = new URL(url);
	return new DownloadError('interrupted', `The connection to ${host} broke off. Start the download again to continue.`, cause);
}

export function stalled(url: string, stallMs: number): DownloadError {
	const { host } = new URL(url);
	return new DownloadError(
		'interrupted',
		`${host} sent nothing for ${Math.round(stallMs / 1000)} s. Start the download again to continue.`,
	);
}

/** An answer that is not the file. */
export function refusal(response: Response, url: string): DownloadError {
	const { host } = new URL(url);
	const { status } = response;
	if (status === 404 || status === 410) return new DownloadError('not-found', `${url} does not exist (any more).`);
	if (status === 407) return new DownloadError('refused', `The proxy wants a name and a password (status 407). Check the proxy settings.`);
	return new DownloadError('refused', `${host} does not give the file (status ${status}). Try again later.`);
}
