/** What a table has under a name. Names come from outside, and `constructor` is one that every object knows. */
export function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
	return Object.hasOwn(table, name) ? table[name] : undefined;
}
