/** A stretch of a text that nobody but its owner should read: the value only, not what it is assigned to. */
export interface Secret {
	readonly start: number;
	readonly end: number;
}
