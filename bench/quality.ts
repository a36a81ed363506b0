import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Answers } from './quality-answers.ts';
import { type Arm, arms } from './quality-arm.ts';
import { type Comparison, compare } from './quality-compare.ts';
import { PackageContexts } from './quality-context.ts';
import { differences, markdown, rows, type Scored } from './quality-report.ts';
import { openModel } from './real-model.ts';
import { publish } from './results.ts';
import { parseTasks } from './tasks-format.ts';

export const qualityUsage = `  quality     a model's answers to tasks, asked in several ways; what was answered is not asked again, so that a long run can be stopped
      --tasks FILE     made by “tasks”, or in the same format
      --model MODEL    embedded:NAME, embedded:FILE.gguf, ollama:NAME or the address of a server
      --prompt ARM     may be given several times (default plain and append):
${arms.map(({ name, about }) => `          ${name.padEnd(17)}${about}`).join('\n')}
      --healing        adds to each of them the same with the current word forced
      --count N        only the first tasks
      --root DIR       that the tasks were made from: code from other files of the package is looked for there
      --context-tokens N   of that (default 600)
      --than ARM       that the others are compared with (default plain, or the first)
      --window N       tokens around the cursor (default 450)
      --max-tokens N   of an answer (default 96)
      --step-ms N      milliseconds per token of the machine that is played (default 20): slow ones are asked for single lines
      --prefill N      tokens that it reads per second (default 1000): slow ones are shown less of what follows, in plain order
      --name NAME      of the results (default: of the tasks and the model)
      --out DIR        where the results go (default bench/results)`;

const answersFolder = join('.cache', 'bench');

export async function quality(args: string[]): Promise<void> {
	const options = parseOptions(args);
	const tasks = parseTasks(await readFile(options.tasks, 'utf8')).slice(0, options.count);
	const answers = new Answers(join(answersFolder, `${options.name}.answers.jsonl`));
	const contexts = options.root === undefined ? undefined : new PackageContexts(options.root);
	const { model, close } = await openModel(options.model);
	try {
		const scored = await compare(tasks, model, answers, options, console.log, contexts);
		await report(scored, args, options);
	} finally {
		await close();
	}
}

interface Options extends Comparison {
	readonly tasks: string;
	readonly model: string;
	readonly count: number;
	/** The folder that the tasks were made from. */
	readonly root: string | undefined;
	/** That the others are compared with. */
	readonly than: string;
	/** Of the results, and the folder they go to. */
	readonly name: string;
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
			root: { type: 'string' },
			than: { type: 'string' },
			'context-tokens': number('600'),
			window: number('450'),
			'max-tokens': number('96'),
			'step-ms': number('20'),
			prefill: number('1000'),
			name: { type: 'string' },
			out: { type: 'string', default: 'bench/results' },
		},
	});
	const { tasks, model } = values;
	if (!tasks || !model) throw new Error(`Name a file with tasks and a model.\n\n${qualityUsage}`);
	const arms = chosenArms(values.prompt, values.healing);
	if (values.root === undefined && arms.some(({ ways }) => ways.some(({ context }) => context)))
		throw new Error('--root names the folder that the tasks were made from: other files are looked for there.');
	return {
		tasks,
		model,
		arms,
		root: values.root,
		than: values.than ?? arms.find(({ name }) => name === 'plain')?.name ?? arms[0]?.name ?? '',
		contextTokens: Number(values['context-tokens']),
		count: Number(values.count),
		name: values.name ?? `quality-${basename(tasks, '.jsonl')}-${model.replaceAll(/[^\w.]+/g, '-')}`,
		out: values.out,
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

async function report(scored: readonly Scored[], args: readonly string[], { arms, name, out, than }: Options): Promise<void> {
	const data = { arms: arms.map(({ name, about }) => ({ name, about })), rows: rows(scored), differences: differences(scored, than) };
	await publish(out, name, args, data, markdown(arms, scored, than));
}
