import assert from 'node:assert/strict';

/** What is asked for while something fails. */
export const hole = { prompt: 'def add(a, b):\n    return ', suffix: '\n' };
/** The same; its answer takes some seconds. */
export const long = { ...hole, max_tokens: 150, stream: true };

/** Prints what was measured. */
export function say(what: string, ms: number): void {
	console.log(`      ${what}: ${ms < 20 ? ms.toFixed(1) : Math.round(ms)} ms`);
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
	for (const start = performance.now(); !(await holds()); await pause(1)) assert.ok(performance.now() - start < ms, 'never came');
}
