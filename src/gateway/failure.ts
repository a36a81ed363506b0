import { FillRefusal } from '../completion/fill.ts';
import { type Reason, reasons } from '../completion/reason.ts';
import { ModelError, type ModelErrorCode } from '../model/model-error.ts';

/** What a client is told when it does not get what it asked for; each protocol has its own shape for it. */
export interface Failure {
	/** Of HTTP. */
	readonly status: number;
	/** For programs. */
	readonly code: string;
	/** For people: what happened and what to do. Never a stack, a token or a piece of code. */
	readonly message: string;
	/** Seconds after which asking again may help. */
	readonly retryAfter?: number | undefined;
	/** The methods that are right where another was used. */
	readonly allow?: string | undefined;
}

/** Ends a call with a failure. */
export class CallError extends Error implements Failure {
	override readonly name = 'CallError';
	readonly status: number;
	readonly code: string;
	readonly retryAfter: number | undefined;
	readonly allow: string | undefined;

	constructor({ status, code, message, retryAfter, allow }: Failure) {
		super(message);
		this.status = status;
		this.code = code;
		this.retryAfter = retryAfter;
		this.allow = allow;
	}
}

const ofModel: Readonly<Record<ModelErrorCode, Omit<Failure, 'message' | 'code'>>> = {
	unreachable: { status: 503, retryAfter: 5 },
	stalled: { status: 504 },
	'model-missing': { status: 503 },
	'no-infill': { status: 503 },
	overloaded: { status: 503, retryAfter: 1 },
	'no-memory': { status: 503 },
	'not-allowed': { status: 503 },
	'signed-out': { status: 503 },
	'bad-response': { status: 502 },
};

/** Places about which no model is asked are the caller's business. */
const refused: Omit<Failure, 'message' | 'code'> = { status: 422 };

/** What to tell about something that was thrown; undefined where only the log may know. */
export function expected(error: unknown): Failure | undefined {
	if (error instanceof CallError) return error;
	if (error instanceof ModelError) return { ...ofModel[error.code], code: error.code, message: `${reasons[error.code]} ${error.message}` };
	if (error instanceof FillRefusal) return { ...refused, code: error.nothing.reason, message: refusal(error.nothing.reason) };
	return undefined;
}

export const internal: Failure = { status: 500, code: 'internal', message: 'The gateway failed; its log has the details.' };

function refusal(reason: Reason): string {
	return `Nothing is asked here: ${reasons[reason]}`;
}

/** A failure as all routes tell it whose protocol has no shape of its own for that. */
export function plainFailure({ code, message }: Failure): unknown {
	return { error: { code, message } };
}
