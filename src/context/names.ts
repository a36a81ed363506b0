/** A name in the text around the cursor. */
export interface NameNear {
	readonly name: string;
	/** From the cursor, negative before it; of the last character of its nearest occurrence. */
	readonly offset: number;
}

/** Lines around the cursor whose names are looked up. */
const lines = { above: 8, below: 3 };
/** In characters; a line may be long. */
const mostText = 2000;
const leastLength = 3;

/** Words of most languages that nobody declares. */
const keywords = new Set(
	`abstract and any as assert async await bool boolean break byte case catch char class const continue debugger def default defer del delete do
	double dyn each elif else elsif end ensure enum except export extends extern false final finally float fn for foreach from func function global
	goto if impl implements import in include init inline instanceof int interface internal is lambda let long loop map match mod module move mut
	namespace native never new nil none not null nullptr number object of operator or out override package pass pragma private protected
	pub public raise readonly record ref require rescue return sealed self short signed sizeof static str string struct super switch
	synchronized template then this throw throws trait true try type typeof typename undefined union unknown unless unsigned until use using
	val var virtual void volatile when where while with yield None True False Self println print len append error nil console log`.split(
		/\s+/,
	),
);

/** The names around the cursor that somebody may have declared elsewhere, the nearest first, each once. */
export function namesNear({ prefix, suffix }: { readonly prefix: string; readonly suffix: string }): NameNear[] {
	const before = lastLines(prefix.slice(-mostText), lines.above);
	const after = suffix.slice(0, mostText).split('\n').slice(0, lines.below).join('\n');
	const found = namesIn(before + after).map(({ name, end }) => ({ name, offset: end - 1 - before.length }));
	const nearest = found.sort((a, b) => Math.abs(a.offset) - Math.abs(b.offset));
	const seen = new Set<string>();
	return nearest.filter(({ name }) => !seen.has(name) && seen.add(name));
}

function namesIn(text: string): { name: string; end: number }[] {
	// In quotes and behind comment marks stands prose; its words only cost a look-up.
	const code = text.replaceAll(/"[^"\n]*"|'[^'\n]*'/g, (quoted) => ' '.repeat(quoted.length));
	return [...code.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)].flatMap(({ 0: name, index }) =>
		name.length >= leastLength && !keywords.has(name) ? [{ name, end: index + name.length }] : [],
	);
}

function lastLines(text: string, count: number): string {
	return text.split('\n').slice(-count).join('\n');
}
