import type { Range } from '../signature/text-edit.ts';

/** Whether an error is in a value, whatever else there is. */
export function isWithin(error: Range, value: Range): boolean {
	return value.start <= error.start && error.end <= value.end;
}

/**
 * Whether an error that came with a value is about it: it begins in the value's line and reaches into it, or it is at the name of the function
 * that gets the value, where some compilers say that the arguments do not fit.
 */
export function reaches(text: string, error: Range, value: Range): boolean {
	if (error.start < value.end && value.start < error.end) return !text.slice(error.start, value.start).includes('\n');
	return error.end <= value.start && isOfCall(text.slice(error.end, value.start));
}

/** Whether what is between a name and a value opens the list of arguments that the value is in. */
function isOfCall(between: string): boolean {
	const list = /^\s*(?:(?:::)?<[^()]*>)?\s*\(([\s\S]*)$/.exec(between)?.[1];
	if (list === undefined) return false;
	let depth = 0;
	for (const character of list) {
		if ('([{'.includes(character)) depth += 1;
		else if (')]}'.includes(character)) depth -= 1;
		if (depth < 0) return false;
	}
	return depth === 0;
}
