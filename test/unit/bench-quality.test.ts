import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Answers } from '../../bench/quality-answers.ts';
import { arms, promptFor } from '../../bench/quality-arm.ts';
import { compare } from '../../bench/quality-compare.ts';
import { differences, markdown, rows, type Scored } from '../../bench/quality-report.ts';
import type { Task } from '../../bench/tasks-format.ts';
import { at } from '../picture.ts';
import { ScriptedModel } from '../scripted-model.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const conditions = { windowTokens: 400, mostTokens: 32, stepMs: 40, prefill: 1000 };

function armNamed(name: string) {
	const arm = arms.find((known) => known.name === name);
	assert.ok(arm, name);
	return arm;
}

describe('what the arms ask', () => {
	const facts = { ...new ScriptedModel().modelFacts, canConstrain: true };
	/** P, S and M stand for the three tokens, `·` for what the answer must begin with, `!` for what it is made to begin with. */
	const asked = (name: string, picture: string) =>
		armNamed(name).ways.map((way) => {
			const { text, given, order } = promptFor(way, at(picture), 400, facts);
			const short = text.replace('<|fim_prefix|>', 'P').replace('<|fim_suffix|>', 'S').replace('<|fim_middle|>', 'M');
			return given === '' ? short : `${short}${order === 'forced' ? '!' : '·'}${given}`;
		});

	const table: [arm: string, picture: string, ...prompts: string[]][] = [
		['plain', 'a\nb\nc\nd\nx = va|\ne', 'Pa\nb\nc\nd\nx = vaS\neM'],
		['plain+healing', 'a\nb\nc\nd\nx = va|\ne', 'Pa\nb\nc\nd\nx =S\neM! va'],
		['append', 'a\nb\nc\nd\nx = va|\ne', 'Pa\nS\neMb\nc\nd\nx = va'],
		['append', 'a\nb\nc\nd\nx = |\ne', 'Pa\nS\neMb\nc\nd\nx =· '],
		['append+followed', 'a\nb\nc\nd\nfoo = |\ne', 'Pa\nb\nc\nd\nfoS\neMo =· '],
		['append+healing', 'a\nb\nc\nd\nx = va|\ne', 'Pa\nS\neMb\nc\nd\nx =! va'],
		['append+healing', 'a\nb\nc\nd\nx = |\ne', 'Pa\nS\neMb\nc\nd\nx =! '],
		['append+healing', 'a\nb\nc\nd\nx.|\ne', 'Pa\nS\neMb\nc\nd\nx.'],
		['append+mark', 'a\nb\nc\nd\nx.|\ne', 'Pa\nS\neMb\nc\nd\nx!.'],
		['append+mark', 'a\nb\nc\nd\nx.va|\ne', 'Pa\nS\neMb\nc\nd\nx!.va'],
		['word-start/plain', 'a\nb\nc\nd\nx = va|\ne', 'Pa\nS\neMb\nc\nd\nx =· va', 'Pa\nb\nc\nd\nx = vaS\neM'],
	];
	for (const [arm, picture, ...prompts] of table) {
		it(`${arm}: ${JSON.stringify(picture)}`, () => assert.deepEqual(asked(arm, picture), prompts));
	}
});

describe('a comparison of prompts', () => {
	let folder: TemporaryFolder;
	before(async () => {
		folder = await TemporaryFolder.create();
	});
	after(() => folder[Symbol.asyncDispose]());

	const task = (id: string, picture: string, truth: string, slice: string): Task => {
		const { path, prefix, suffix } = at(picture);
		return { id, path, languageId: 'typescript', slice, prefix, suffix, gt_line: truth, gt_block: truth };
	};
	const tasks = [
		task('word', 'one();\ntwo();\nx = va|\nend();', 'lue;', 'inside-word'),
		task('line', 'one();\ntwo();\nx = |\nend();', 'value;', 'word-start'),
	];
	const chosen = [armNamed('append'), armNamed('append+healing'), armNamed('plain')];
	const silently = () => {};

	/** Says the whole word, or what of it is missing; inside half a word after the hole it has no idea. */
	function scripted(): ScriptedModel {
		const model = new ScriptedModel();
		model.modelFacts = { ...model.modelFacts, canConstrain: true };
		model.answer = (prompt) =>
			prompt.endsWith('x = va') ? '???' : prompt.endsWith('=') ? ' value;' : prompt.includes('x = va') ? 'lue;' : 'value;';
		return model;
	}

	it('asks through the stages of every completion, and scores what a user would see', async () => {
		const model = scripted();
		const scored = await compare(tasks, model, new Answers(join(folder.path, 'scores')), { arms: chosen, conditions }, silently);
		assert.deepEqual(
			scored.map((one) => [one.task, one.arm, one.score.exact]),
			[
				['word', 'append', 0],
				['word', 'append+healing', 1],
				['word', 'plain', 1],
				['line', 'append', 1],
				['line', 'append+healing', 1],
				['line', 'plain', 1],
			],
		);
		assert.deepEqual(
			model.questions.map(({ options }) => options.start),
			[undefined, ' va', undefined, undefined, ' ', undefined],
		);
		assert.ok(model.questions.every(({ options }) => options.maxTokens === 32 && options.stop[0] === '\n'));
	});

	it('asks the same question once', async () => {
		const model = scripted();
		const two = [armNamed('plain'), armNamed('word-start/plain')];
		model.answer = () => 'other;';
		await compare(tasks.slice(0, 1), model, new Answers(join(folder.path, 'once')), { arms: two, conditions }, silently);
		assert.equal(model.questions.length, 2);
	});

	it('goes on where it was stopped', async () => {
		const path = join(folder.path, 'stopped');
		const model = scripted();
		const answer = model.answer;
		model.answer = (prompt, options) => (model.questions.length > 3 ? new Error('the power failed') : (answer?.(prompt, options) ?? ''));
		await assert.rejects(compare(tasks, model, new Answers(path), { arms: chosen, conditions }, silently), /the power failed/);
		// What was being written when that happened.
		await appendFile(path, '{"key":"half');

		const again = scripted();
		const scored = await compare(tasks, again, new Answers(path), { arms: chosen, conditions }, silently);
		assert.equal(scored.length, 6);
		assert.equal(model.questions.length - 1 + again.questions.length, 6);
	});

	it('asks again under other conditions', async () => {
		const path = join(folder.path, 'conditions');
		await compare(tasks, scripted(), new Answers(path), { arms: chosen, conditions }, silently);
		const again = scripted();
		await compare(tasks, again, new Answers(path), { arms: chosen, conditions: { ...conditions, windowTokens: 300 } }, silently);
		assert.equal(again.questions.length, 6);
	});

	it('an answer that does not begin with what was typed is none', async () => {
		const model = scripted();
		model.answer = () => 'other;';
		const [line] = tasks.slice(1);
		assert.ok(line);
		const [scored] = await compare([line], model, new Answers(join(folder.path, 'none')), { arms: chosen, conditions }, silently);
		assert.deepEqual([scored?.isSilent, scored?.score.exact], [true, 0]);
	});
});

describe('the report', () => {
	const one = (task: string, slice: string, arm: string, exact: number): Scored => ({
		task,
		slice,
		arm,
		isSilent: exact === 0,
		score: { exact, similarity: exact, identifiers: exact },
	});
	const scored = [
		...['a', 'b', 'c', 'd'].map((task) => one(task, 'word-start', 'append', 1)),
		...['a', 'b', 'c', 'd'].map((task, index) => one(task, 'word-start', 'plain', index % 2)),
		one('e', 'inside-word', 'append', 0),
		one('e', 'inside-word', 'plain', 1),
	];

	it('has a row for every arm in every slice and in all', () => {
		assert.deepEqual(
			rows(scored).map(({ slice, arm, tasks, exact, silent }) => [slice, arm, tasks, exact.mean, silent]),
			[
				['word-start', 'append', 4, 1, 0],
				['word-start', 'plain', 4, 0.5, 0.5],
				['inside-word', 'append', 1, 0, 1],
				['inside-word', 'plain', 1, 1, 0],
				['all', 'append', 5, 0.8, 0.2],
				['all', 'plain', 5, 0.6, 0.4],
			],
		);
	});

	it('compares arms task by task', () => {
		assert.deepEqual(
			differences(scored, 'plain').map(({ slice, arm, exact }) => [slice, arm, exact.mean, exact.count]),
			[
				['word-start', 'append', 0.5, 4],
				['inside-word', 'append', -1, 1],
				['all', 'append', 0.2, 5],
			],
		);
	});

	it('is a table that people can read', () => {
		const page = markdown([{ name: 'plain', about: 'as all others do it' }], scored, 'plain');
		assert.match(page, /^- plain: as all others do it\n/);
		assert.match(page, /\| word-start: append +\| +4 \| 100\.0 % \(100\.0…100\.0\) \|/);
		assert.match(page, /\| inside-word: append +\| −100\.0 \(−100\.0…−100\.0\) \|/);
	});
});
