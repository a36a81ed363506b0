import assert from 'node:assert/strict';

/** Resolves as soon as something holds; fails where it never does. */
export async function until(holds: () => boolean | Promise<boolean>, otherwise = 'It never came.', patienceMs = 9000): Promise<void> {
	for (const end = performance.now() + patienceMs; !(await holds()); await turn()) assert.ok(performance.now() < end, otherwise);
}

function turn(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
