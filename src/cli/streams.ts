import type { Nothing } from '../completion/completion.ts';
import { reasons } from '../completion/reason.ts';
import { adviceFor } from './advice.ts';

/** The program's own standard streams. */
export interface Streams {
	readonly input: NodeJS.ReadableStream;
	readonly output: NodeJS.WritableStream;
	readonly error: NodeJS.WritableStream;
}

/** 0: what was asked for. 1: not that, for a good reason. 2: the command line or the model is at fault. */
export type ExitStatus = 0 | 1 | 2;

/** Says why there is nothing, and what can be done. */
export function reportNothing({ reason, detail, raw, error }: Nothing, model: string | undefined, streams: Streams): ExitStatus {
	const said = raw?.trim() ? `The model said: “${raw.trim()}”.` : undefined;
	const sentences = [reasons[reason], detail ?? error?.message, said, adviceFor(reason, model)];
	streams.error.write(`${sentences.filter(Boolean).join(' ')}\n`);
	return error ? 2 : 1;
}
