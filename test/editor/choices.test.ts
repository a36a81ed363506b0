import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { commands } from 'vscode';
import type { FakeOllama, Script, Seen } from '../fake-ollama.ts';
import { accepted, cleanUp, pictureOf, press, serve, show, typeUntilShown, until } from './editor.ts';

/** The seed that an answer was drawn with; undefined for one that was not drawn. */
function seedOf(body: Record<string, unknown>): number | undefined {
	const { seed } = body['options'] as { seed?: number };
	return seed;
}

/** Answered, or left because that was enough. */
function isOver({ isFinished, closedAt }: Seen): boolean {
	return isFinished || closedAt !== undefined;
}

describe('several suggestions', () => {
	let fake: FakeOllama;

	async function start(script: Partial<Script>) {
		fake = await serve(script);
	}
	/** What the model says by itself, and what is drawn with the seeds 1, 2, 3… Warming up is answered likewise. */
	const saying = (...says: string[]): Partial<Script> => ({ tokens: (_, body) => [...(says[seedOf(body) ?? 0] ?? '')] });
	const questions = () => fake.generated.filter(({ body }) => Number((body['options'] as { num_predict: number }).num_predict) > 1);
	const drawn = () => questions().filter(({ body }) => seedOf(body) !== undefined);
	const run = (command: string) => commands.executeCommand(`editor.action.inlineSuggest.${command}`);
	const showsAfter = async (typed: string) => {
		const before = questions().length;
		await typeUntilShown(typed, () => questions().some((seen, index) => index >= before && isOver(seen)));
	};

	afterEach(async () => {
		await cleanUp();
		await fake[Symbol.asyncDispose]();
	});

	it('typing asks for one only', async () => {
		await start(saying(' a;\n', ' b;\n', ' c;\n'));
		const editor = await show('return|');
		await showsAfter(' ');
		await delay(300);
		assert.equal(drawn().length, 0);
		assert.equal(await accepted(editor), 'return a;|');
	});

	const tours: [commands: string[], result: string][] = [
		[['showNext'], 'return b;|'],
		[['showNext', 'showNext'], 'return c;|'],
		[['showNext', 'showPrevious'], 'return a;|'],
		[['showNext', 'showNext', 'showNext'], 'return a;|'],
		[['showPrevious'], 'return c;|'],
	];
	for (const [tour, result] of tours) {
		it(`${tour.join(', ')} → ${result}`, async () => {
			await start(saying(' a;\n', ' b;\n', ' c;\n'));
			const editor = await show('return|');
			await showsAfter(' ');
			for (const command of tour) {
				await run(command);
				await until(() => drawn().filter(isOver).length === 2, 'two others');
				await delay(100);
			}
			assert.equal(await accepted(editor), result);
			assert.deepEqual(
				drawn().map(({ body }) => seedOf(body)),
				[1, 2],
			);
			assert.equal(fake.mostAtOnce, 1);
		});
	}

	it('a model that only repeats itself has one', async () => {
		await start(saying(...Array<string>(9).fill(' a;\n')));
		const editor = await show('return|');
		await showsAfter(' ');
		await run('showNext');
		assert.equal(await accepted(editor), 'return a;|');
	});

	it('a key ends the search, and its connection', async () => {
		await start({ ...saying(' a;\n', ` b${'x'.repeat(500)}\n`), step: 0 });
		await show('return|');
		await showsAfter(' ');
		fake.script.step = 10;
		void run('showNext');
		await until(() => drawn().some(({ tokensSent }) => tokensSent > 3), 'a drawn answer under way');
		await press('(');
		await until(() => drawn().every(isOver), 'its connection to be closed', 1000);
		await delay(300);
		assert.equal(drawn().length, 1);
		assert.equal(fake.mostAtOnce, 1);
	});

	it('Complete Here still asks for more than what shows', async () => {
		await start({
			tokens: (_, body) => [...(Number((body['options'] as { num_predict: number }).num_predict) > 200 ? ' a +\n\tb;\n' : ' a;\n')],
		});
		const editor = await show('return|');
		await showsAfter(' ');
		await commands.executeCommand('co-clone.completeHere');
		assert.equal(await accepted(editor), 'return a +\n    b;|');
	});
});

describe('a part of a suggestion', () => {
	let fake: FakeOllama;
	const run = (command: string) => commands.executeCommand(`editor.action.inlineSuggest.${command}`);
	const isQuestion = ({ body }: Seen) => Number((body['options'] as { num_predict: number }).num_predict) > 1;

	afterEach(async () => {
		await cleanUp();
		await fake[Symbol.asyncDispose]();
	});

	/** Takes parts once the suggestion shows; the rest is then still there to be accepted, and nobody was asked for it. */
	async function restAfter(picture: string, typed: string, parts: readonly string[]): Promise<{ partly: string; whole: string }> {
		const editor = await show(picture);
		await typeUntilShown(typed, () => fake.generated.some((seen) => isQuestion(seen) && isOver(seen)));
		let asked = fake.generated.length;
		const states: string[] = [];
		for (const part of parts) {
			await run(part);
			// Long enough for the editor to ask anew.
			await delay(300);
			if (part === 'showNext') asked = fake.generated.length;
			else states.push(lastLine(pictureOf(editor)));
		}
		const prompts = fake.generated.slice(asked).map(({ body }) => String(body['prompt']));
		const partly = editor.document.getText();
		const whole = await accepted(editor);
		// What comes after all of it may be asked for in advance.
		const isForRest = (prompt: string) => states.some((state) => prompt.includes(state)) && !prompt.includes(lastLine(whole));
		assert.deepEqual(prompts.filter(isForRest), []);
		return { partly, whole };
	}
	/** The last line before the cursor with something in it. */
	const lastLine = (picture: string) => picture.split('|', 1)[0]?.trimEnd().split('\n').at(-1) ?? '';

	it('accepted word by word leaves the rest', async () => {
		fake = await serve({ tokens: () => [...' left + right;\n'] });
		const { partly, whole } = await restAfter('return|', ' ', ['acceptNextWord', 'acceptNextWord', 'acceptNextWord']);
		assert.equal(partly, 'return left + ');
		assert.equal(whole, 'return left + right;|');
	});

	it('accepted line by line leaves the rest', async () => {
		fake = await serve({ tokens: () => [...'\n\tconst b = a;\n\treturn b;\n}\n'] });
		const { partly, whole } = await restAfter('function f(a) |', '{', ['acceptNextLine', 'acceptNextLine']);
		assert.equal(partly, 'function f(a) {\n    const b = a;\n}');
		assert.equal(whole.replace('|', ''), 'function f(a) {\n    const b = a;\n    return b;\n}');
	});

	it('of one that was drawn leaves the rest of that', async () => {
		fake = await serve({
			tokens: (_, body) => [...((body['options'] as { seed?: number }).seed === undefined ? ' left + right;\n' : ' top - bottom;\n')],
		});
		const { partly, whole } = await restAfter('return|', ' ', ['showNext', 'acceptNextWord', 'acceptNextWord', 'acceptNextWord']);
		assert.equal(partly, 'return top - ');
		assert.equal(whole, 'return top - bottom;|');
	});
});
