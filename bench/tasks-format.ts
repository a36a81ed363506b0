/** Where in a line the cursor is. */
export const slices = ['line-start', 'word-start', 'inside-word', 'mid-line', 'before-word', 'block'] as const;
export type Slice = (typeof slices)[number];

/**
 * A place in real code, with what its author wrote there. One JSON object per line of a file; the names of the fields are those that
 * other such collections use.
 */
export interface Task {
	readonly id: string;
	readonly path: string;
	/** As VS Code names it; by the path where it is not said. */
	readonly languageId?: string;
	/** Tasks of other origin may have names of their own, or none. */
	readonly slice?: string;
	/** Text before the cursor, from a line start. */
	readonly prefix: string;
	/** Text after what was taken out. */
	readonly suffix: string;
	/** What was taken out: to the end of the line, and all of it. */
	readonly gt_line: string;
	readonly gt_block: string;
	/** Its first line names something that another file of the package declares and that stands nowhere else in this one. */
	readonly cross_file?: boolean;
}

export function formatTasks(tasks: readonly Task[]): string {
	return tasks.map((task) => `${JSON.stringify(task)}\n`).join('');
}

/** @throws Error that says which line is none. */
export function parseTasks(text: string): Task[] {
	return text
		.split('\n')
		.map((line, index) => ({ line, number: index + 1 }))
		.filter(({ line }) => line.trim() !== '')
		.map(({ line, number }) => parseTask(line, number));
}

function parseTask(line: string, number: number): Task {
	const fields: unknown = parseJson(line);
	if (!isTask(fields)) throw new Error(`Line ${number} is no task: it needs the texts id, path, prefix, suffix, gt_line and gt_block.`);
	return fields;
}

function isTask(value: unknown): value is Task {
	if (typeof value !== 'object' || value === null) return false;
	const fields: Record<string, unknown> = { ...value };
	return ['id', 'path', 'prefix', 'suffix', 'gt_line', 'gt_block'].every((name) => typeof fields[name] === 'string');
}

function parseJson(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return undefined;
	}
}
