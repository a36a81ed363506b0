/**
 * How the text before the cursor is put to the model.
 *
 * - `append`: typed text after the hole. Grows at the end, so nothing is evaluated twice.
 * - `forced`: the same up to the start of the current word, which the engine is made to begin its answer with.
 * - `word`: the same from an engine that cannot be made to; an answer that does not begin with the word is of no use.
 * - `plain`: everything before the hole. Everything after the anchor is evaluated again.
 */
export type Order = 'append' | 'forced' | 'word' | 'plain';

/**
 * The boundary rule: text after the hole must end where a token ends, because a model never saw half a token there. Inside a word
 * it therefore fails almost always: 3.6 % exact first lines, against 23.6 % in plain order, 33.6 % from the word's start with plain order
 * where that fails, and 39.3 % with the word forced.
 */
export function chooseOrder(place: {
	/** The text before the cursor, or its last part. */
	readonly typed: string;
	/** The word at the end of `typed` is whole. */
	readonly endsWord: boolean;
	readonly growsAtEnd: boolean;
	readonly canConstrain: boolean;
}): Order {
	if (!place.growsAtEnd) return 'plain';
	const isInsideWord = /[\p{L}\p{N}_$]$/u.test(place.typed) && !place.endsWord;
	if (isInsideWord) return place.canConstrain ? 'forced' : 'word';
	return 'append';
}
