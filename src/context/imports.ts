/** Statements that bring names from elsewhere, each with a group for the names; they may go over several lines. */
const statements: readonly RegExp[] = [
	/^[ \t]*(?:import|export)\s+(?:type\s+)?([^'"`;()=]*?)\s+from\s*['"]/gm,
	/^[ \t]*(?:const|let|var)\s+(\{[^}=]*\}|[\w$]+)\s*=\s*(?:await\s+)?(?:require|import)\s*\(/gm,
	/^[ \t]*from\s+[\w.]+\s+import\s+(\([^)]*\)|[^\n]+)/gm,
	/^[ \t]*(?:pub\s+)?use\s+([\w:{},\s*]+);/gm,
	/^[ \t]*(?:import|using)\s+(?:static\s+)?([\w.]+)\s*;/gm,
];
const renaming = /([\p{L}_$][\p{L}\p{N}_$]*)\s+as\s+[\p{L}_$][\p{L}\p{N}_$]*/gu;
const words = new Set(['type', 'static', 'crate', 'self', 'super', 'std', 'as']);

/** The names that a file takes from others, as they are declared there. */
export function importedNames(text: string): string[] {
	const lists = statements.flatMap((statement) => [...text.matchAll(statement)].map(([, list = '']) => list));
	const names = lists.flatMap((list) => {
		const own = list.replaceAll(renaming, '$1').replaceAll(/#[^\n]*/g, '');
		// Of `std::fmt::{self, Write}` and `java.util.List` only the last parts are names that are declared.
		return [...own.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*(?!\s*(?:::|\.)|[\p{L}\p{N}_$])/gu)].map(([name]) => name);
	});
	return [...new Set(names.filter((name) => name.length > 1 && !words.has(name)))];
}
