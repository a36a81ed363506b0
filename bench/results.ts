import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { describe, thisMachine } from './machine.ts';

/** Prints a report and writes it to a folder, for people and for programs, with what it was made by and on. */
export async function publish(folder: string, name: string, args: readonly string[], data: object, report: string): Promise<void> {
	const machine = thisMachine();
	const command = ['npm run bench --', name.replace(/-.*/, ''), ...args].join(' ');
	const text = `# ${name}\n\n\`${command}\`\n\n${describe(machine)}\n\n${report}\n`;
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, `${name}.json`), `${JSON.stringify({ command, machine, ...data }, undefined, '\t')}\n`);
	await writeFile(join(folder, `${name}.md`), text);
	console.log(text);
	console.log(`Written to ${join(folder, name)}.json and .md, ${Math.round(process.uptime())} s after the start.`);
}
