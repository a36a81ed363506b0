import { type Coordinates, roundTripMs } from './geography.ts';

/** A gateway somewhere. */
export interface Region {
	readonly name: string;
	/** `https://`, or `http://` where nobody can listen in. */
	readonly url: string;
	/** What this gateway shows there to be let in. */
	readonly token: string;
	readonly at: Coordinates;
	/** Where it says how much room it has, to a balancer. */
	readonly agentPort?: number;
}

/** What a quick model takes to its first token, besides the way there. */
const modelMs = 100;

/** What a first token probably takes, for the requests before the first that was measured. */
export function guessMs({ at }: Region, from: Coordinates): number {
	return modelMs + roundTripMs(from, at);
}
