/** Has a token whenever one is needed. */
export interface TokenSource {
	/** One that holds now; undefined where there is none. */
	get(signal: AbortSignal): Promise<string | undefined>;
	/** Another, for one that was refused all the same: whoever gave it may have been started anew. */
	another(refused: string, signal: AbortSignal): Promise<string>;
}

/**
 * Sends something with a token, and where that is refused once more with another: nothing of an answer has been seen by then.
 *
 * @param isRefused whether it was, and may be sent again; done with that answer then
 */
export async function sentWithToken<Answer>(
	tokens: TokenSource,
	send: (token: string | undefined) => Promise<Answer>,
	isRefused: (answer: Answer) => Promise<boolean>,
	signal: AbortSignal,
): Promise<Answer> {
	const token = await tokens.get(signal);
	const answer = await send(token);
	return token !== undefined && (await isRefused(answer)) ? send(await tokens.another(token, signal)) : answer;
}
