import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root: every script works from any current folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Everything the scripts download, build or log for later runs; ignored by Git and safe to delete. */
export const cacheFolder = join(root, '.cache');

/** Where output goes that is not a terminal (a CI log), progress is said at most this often. */
const quietInterval = 5_000;

/**
 * Runs one step of a set-up and says so: `▸ title`, then `✓ title (3.2 s)`. A failure says which step it was, so that the reader of a
 * long log need not guess.
 *
 * @template T
 * @param {string} title
 * @param {(report: (text: string) => void) => Promise<T> | T} work gets `report(text)` for progress
 * @returns {Promise<T>}
 */
export async function step(title, work) {
	const started = performance.now();
	const line = progressLine(title);
	try {
		const result = await work(line.report);
		line.end(`✓ ${title} (${seconds(started)})`);
		return result;
	} catch (error) {
		line.end(`✗ ${title} (${seconds(started)})`);
		throw new Error(`${title}: ${messageOf(error)}`, { cause: error });
	}
}

/**
 * The time since `started` (a `performance.now()`), as people read it: `3.2 s`.
 *
 * @param {number} started
 */
export function seconds(started) {
	return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

/**
 * What to show of anything thrown: scripts print messages, not stacks.
 *
 * @param {unknown} error
 */
export function messageOf(error) {
	return error instanceof Error ? error.message : String(error);
}

function progressLine(title) {
	return process.stdout.isTTY ? rewrittenLine(title) : separateLines(title);
}

/** The time counts on while there is nothing new to say, so that nobody takes a long download for a standstill. */
function rewrittenLine(title) {
	const started = performance.now();
	let said = '';
	const show = (text) => process.stdout.write(`\r\x1b[2K${text}`);
	const redraw = () => {
		const width = (process.stdout.columns ?? 80) - 1;
		const line = `▸ ${title}${said && `: ${said}`}`;
		const timed = `${line} (${Math.floor((performance.now() - started) / 1000)} s)`;
		show(timed.length <= width ? timed : line.slice(0, width));
	};
	const clock = setInterval(redraw, 1_000).unref();
	redraw();
	return {
		report: (text) => {
			said = text;
			redraw();
		},
		end: (text) => {
			clearInterval(clock);
			show(`${text}\n`);
		},
	};
}

function separateLines(title) {
	console.log(`▸ ${title}`);
	let last = performance.now();
	return {
		report: (text) => {
			if (performance.now() - last < quietInterval) return;
			last = performance.now();
			console.log(`  ${text}`);
		},
		end: (text) => console.log(text),
	};
}
