/** The superuser may read and write everywhere. */
export async function asOrdinaryUser<T>(run: () => T | Promise<T>): Promise<T> {
	if (process.getuid?.() !== 0) return await run();
	process.seteuid?.(65534);
	try {
		return await run();
	} finally {
		process.seteuid?.(0);
	}
}
