import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Answers } from './quality-answers.ts';
import { type Arm, arms } from './quality-arm.ts';
import { type Comparison, compare } from './quality-compare.ts';
import { openModel } from './quality-model.ts';
import { differences, markdown, rows, type Scored } from './quality-report.ts';
import { parseTasks } from './tasks-format.ts';

export const qualityUsage = `  quality     a model's answers to tasks, asked in several ways; what was answered is not asked again, so that a long run can be stopped
      --tasks FILE     made by “tasks”, or in the same format
      --model MODEL    embedded:NAME, embedded:FILE.gguf, ollama:NAME or the address of a server
      --prompt ARM     may be given several times (default plain and append):
${arms.map(({ name, about }) => `          ${name.padEnd(17)}${about}`).join('\n')}
      --healing        adds to each of them the same with the current word forced
      --count N        only the first tasks
      --window N       tokens around the cursor (default 450)
      --max-tokens N   of an answer (default 96)
      --step-ms N      milliseconds per token of the machine that is played (default 20): slow ones are asked for single lines
      --prefill N      tokens that it reads per second (default 1000): slow ones are shown less of what follows, in plain order
      --out NAME       bench/results/NAME.json and .md`;

const resultsFolder = join('bench', 'results');
const answersFolder = join('.cache', 'bench');

export async function quality(args: string[]): Promise<void> {
	const options = parseOptions(args);
	const tasks = parseTasks(await readFile(options.tasks, 'utf8')).slice(0, options.count);
	const answers = new Answers(join(answersFolder, `${options.out}.answers.jsonl`));
	const { model, close } = await openModel(options.model);
	try {
		const scored = await compare(tasks, model, answers, options, console.log);
		await report(scored, options);
	} finally {
		close();
	}
}

interface Options extends Comparison {
	readonly tasks: string;
	readonly model: string;
	readonly count: number;
	readonly out: string;
}

function parseOptions(args: string[]): Options {
	const number = (value: string) => ({ type: 'string', default: value }) as const;
	const { values } = parseArgs({
		args,
		options: {
			tasks: { type: 'string' },
			model: { type: 'string' },
			prompt: { type: 'string', multiple: true, default: ['plain', 'append'] },
			healing: { type: 'boolean', default: false },
			count: number('100000'),
			window: number('450'),
			'max-tokens': number('96'),
			'step-ms': number('20'),
			prefill: number('1000'),
			out: { type: 'string' },
		},
	});
	const { tasks, model } = values;
	if (!tasks || !model) throw new Error(`Name a file with tasks and a model.\n\n${qualityUsage}`);
	return {
		tasks,
		model,
		arms: chosenArms(values.prompt, values.healing),
		count: Number(values.count),
		out: values.out ?? `quality-${basename(tasks, '.jsonl')}-${model.replaceAll(/[^\w.-]+/g, '-')}`,
		conditions: {
			windowTokens: Number(values.window),
			mostTokens: Number(values['max-tokens']),
			stepMs: Number(values['step-ms']),
			prefill: Number(values.prefill),
		},
	};
}

function chosenArms(names: readonly string[], healing: boolean): Arm[] {
	const wanted = healing ? names.flatMap((name) => [name, `${name}+healing`]) : names;
	const unknown = wanted.filter((name) => !arms.some((arm) => arm.name === name));
	if (unknown.length > 0)
		throw new Error(`There is no arm ${unknown.join(', ')}. The arms are ${arms.map(({ name }) => name).join(', ')}.`);
	return arms.filter(({ name }) => wanted.includes(name));
}

async function report(scored: readonly Scored[], { tasks, model, arms, out, conditions }: Options): Promise<void> {
	const [cpu] = cpus();
	const facts = {
		model,
		tasks: basename(tasks),
		conditions: `window ${conditions.windowTokens} tokens, answers of at most ${conditions.mostTokens}, asked for as where a token takes ${conditions.stepMs} ms`,
		machine: `${availableParallelism()} × ${cpu?.model ?? 'unknown processor'}, Node ${process.version}, ${process.platform}-${process.arch}`,
		...Object.fromEntries(arms.map(({ name, about }) => [name, about])),
	};
	const than = arms.some(({ name }) => name === 'plain') ? 'plain' : (arms[0]?.name ?? '');
	const page = markdown('Quality of the prompts', facts, scored, than);
	await mkdir(resultsFolder, { recursive: true });
	await writeFile(join(resultsFolder, `${out}.md`), page);
	const json = { facts, rows: rows(scored), differences: differences(scored, than) };
	await writeFile(join(resultsFolder, `${out}.json`), `${JSON.stringify(json, undefined, '\t')}\n`);
	console.log(page);
}
