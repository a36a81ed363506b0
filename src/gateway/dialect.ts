import type { FillFinish, FillPiece } from '../completion/fill.ts';
import type { Call } from './call.ts';
import type { Failure } from './failure.ts';
import { eventStreamHeaders, streamed, withFailure, withPings } from './stream.ts';

/** How a protocol writes what a model says: as it comes, or all at once. */
export interface Dialect {
	readonly headers: Readonly<Record<string, string>>;
	/** Some text of a choice. */
	piece(text: string, index: number): string;
	/** The last of its text. */
	last(text: string, choice: Choice): string;
	/** What comes when all choices are there. A stream without it broke off. */
	end(choices: readonly Choice[]): string;
	/** What comes instead, once text has been sent. */
	failed(failure: Failure): string;
	whole(choices: readonly Choice[]): unknown;
}

/** One answer to a call; some protocols ask for several at once. */
export interface Choice {
	readonly index: number;
	readonly text: string;
	readonly finish: FillFinish;
	/** In milliseconds: until the first of its text, and from there to its end. */
	readonly times: { readonly first: number; readonly rest: number };
}

/** Answers a call with what a model says, in the words of a protocol. */
export async function told(
	call: Call,
	dialect: Dialect,
	isStream: boolean,
	...answers: readonly AsyncIterable<FillPiece>[]
): Promise<Response> {
	if (isStream) {
		const parts = dialect.headers === eventStreamHeaders ? withPings(inParts(dialect, answers)) : inParts(dialect, answers);
		const described = withFailure(parts, (error) => dialect.failed(call.describe(error)));
		return streamed(described, dialect.headers, call.leave);
	}
	const choices: Choice[] = [];
	for (const [index, pieces] of answers.entries()) choices.push(await allOf(pieces, index));
	return Response.json(dialect.whole(choices));
}

/** An answer, when it has come to its end. */
export async function allOf(pieces: AsyncIterable<FillPiece>, index = 0): Promise<Choice> {
	for await (const { choice } of spoken(pieces, index)) if (choice) return choice;
	throw new Error('An answer without an end.');
}

async function* inParts(dialect: Dialect, answers: readonly AsyncIterable<FillPiece>[]): AsyncGenerator<string> {
	const choices: Choice[] = [];
	for (const [index, pieces] of answers.entries()) {
		for await (const { text, choice } of spoken(pieces, index)) {
			yield choice ? dialect.last(text, choice) : dialect.piece(text, index);
			if (choice) choices.push(choice);
		}
	}
	const end = dialect.end(choices);
	if (end !== '') yield end;
}

interface Spoken {
	readonly text: string;
	/** With the last of its text. */
	readonly choice?: Choice;
}

async function* spoken(pieces: AsyncIterable<FillPiece>, index: number): AsyncGenerator<Spoken> {
	const startedAt = performance.now();
	let firstAt: number | undefined;
	let whole = '';
	for await (const { text, finish } of pieces) {
		firstAt ??= performance.now();
		whole += text;
		if (!finish) yield { text };
		else {
			const times = { first: firstAt - startedAt, rest: performance.now() - firstAt };
			return yield { text, choice: { index, text: whole, finish, times } };
		}
	}
	throw new Error('An answer without an end.');
}
