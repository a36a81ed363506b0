import assert from 'node:assert/strict';
import { continueWith, type FillFinish, FillRefusal, type FillRequest, fillWith } from '../../src/completion/fill.ts';
import { everything } from '../../src/completion/gate.ts';
import { at } from '../picture.ts';
import { ScriptedModel } from '../scripted-model.ts';
import { planted } from '../secrets.ts';

const never = () => new AbortController().signal;
const usual = { path: 'add.py', languageId: 'python', end: { maxTokens: 40, stop: [] } } satisfies Partial<FillRequest>;

/** What a hole becomes when the model answers so, with each piece that was passed on between two bars. */
async function filled(picture: string, answer: string, more: Partial<FillRequest> = {}) {
	const model = new ScriptedModel();
	model.answer = () => answer;
	const { prefix, suffix } = at(picture);
	const pieces: string[] = [];
	let finish: FillFinish | undefined;
	for await (const piece of fillWith(model, () => everything)({ ...usual, prefix, suffix, ...more }, never())) {
		assert.equal(finish, undefined);
		pieces.push(piece.text);
		finish = piece.finish;
	}
	const options = model.questions[0]?.options;
	return { text: pieces.join(''), pieces, finish, options, prompt: options?.prompt ?? '', question: model.questions[0] };
}

/** Until where the answer goes: a picture, what the model says, what comes of it. */
const blocks: readonly (readonly [string, string, string])[] = [
	['def add(a, b):|', '\n    return a + b\n\nprint(add(1, 2))\n', '\n    return a + b'],
	['def add(a, b):\n    |', 'return a + b\n\ndef sub(a, b):\n', 'return a + b'],
	['def add(a, b):|\n\nprint(add(1, 2))\n', '\n    """Adds."""\n    return a + b\n', '\n    """Adds."""\n    return a + b'],
	['total = |', 'add(1, 2)\nprint(total)\n', 'add(1, 2)\nprint(total)'],
	['if a:|', '\n    b = 1\nelse:\n    b = 2\nprint(b)\n', '\n    b = 1'],
];

const ends: readonly (readonly [string, FillRequest['end'], string, FillFinish['reason']])[] = [
	['a + b', { maxTokens: 40, stop: [] }, 'a + b', 'stop'],
	['a + b\nc', { maxTokens: 40, stop: ['\n'] }, 'a + b', 'stop'],
	['a + b;;c', { maxTokens: 40, stop: [';;', '\n'] }, 'a + b', 'stop'],
	['a + b', { maxTokens: 5, stop: [] }, 'a + b', 'length'],
	['a <|fim_pad|>b', { maxTokens: 40, stop: [] }, 'a ', 'stop'],
	['a\n    b\nc', { maxTokens: 40, stop: [], leastIndent: 4 }, 'a\n    b', 'stop'],
	['a\n    b\n;;', { maxTokens: 40, stop: [';;'], leastIndent: 4 }, 'a\n    b\n', 'stop'],
	['a\n\n    b\n;', { maxTokens: 40, stop: [';;'], leastIndent: 4 }, 'a\n\n    b', 'stop'],
	['a\n    b\n', { maxTokens: 40, stop: [], leastIndent: 4 }, 'a\n    b\n', 'stop'],
	['a + b + c', { maxTokens: 40, stop: [], isEnough: (text) => text.endsWith('+') }, 'a +', 'stop'],
];

describe('filling a hole', () => {
	for (const [picture, answer, expected] of blocks) {
		it(`${JSON.stringify(picture)} up to the end of its block`, async () => {
			assert.equal((await filled(picture, answer, { end: 'block' })).text, expected);
		});
	}

	it('passes on whole lines of a block only, each as soon as it is there', async () => {
		const { pieces } = await filled('def add(a, b):|', '\n    a += b\n    return a\n\nprint()', { end: 'block' });
		assert.deepEqual(pieces.filter(Boolean), ['\n    a += b', '\n    return a']);
	});

	for (const [answer, end, expected, reason] of ends) {
		it(`${JSON.stringify(answer)} ends as ${JSON.stringify(end)} says: ${JSON.stringify(expected)}`, async () => {
			const { text, finish, question } = await filled('x = |', answer, { end });
			assert.equal(text, expected);
			assert.equal(finish?.reason, reason);
			assert.equal(question?.isOver, true);
		});
	}

	it('passes on each piece as it comes, and holds back what may be the beginning of a stop', async () => {
		const { pieces } = await filled('x = |', 'ab;c;;d', { end: { maxTokens: 40, stop: [';;'] } });
		assert.deepEqual(pieces, ['a', 'b', ';c', '']);
	});

	it('hides secrets, and asks nothing about them', async () => {
		const secret = planted[0]?.secret ?? '';
		const { prompt } = await filled(`key = "${secret}"\nx = |\n`, '1', { elsewhere: [{ path: 'a.py', text: `key = "${secret}"` }] });
		assert.ok(!prompt.includes(secret) && prompt.includes('HIDDEN_SECRET'));
		await assert.rejects(filled('x|', '1', { path: '.env' }), FillRefusal);
	});

	it('shows code from elsewhere, but no files of secrets, and leaves out what does not fit', async () => {
		const elsewhere = [
			{ path: 'large.py', text: 'x = 1\n'.repeat(3000) },
			{ path: '.env', text: 'A=1' },
			{ path: 'near.py', text: 'def near(): ...' },
		];
		const { prompt } = await filled('x = |', '1', { elsewhere });
		assert.match(prompt, /near\.py\ndef near/);
		assert.doesNotMatch(prompt, /large\.py|\.env/);
	});

	it('leaves room for the text when somebody wants thousands of tokens', async () => {
		const lines = Array.from({ length: 500 }, (_, index) => `x${index} = ${index}\n`).join('');
		const { prompt, options } = await filled(`${lines}x = |`, '1', { end: { maxTokens: 100_000, stop: [] } });
		assert.equal(options?.maxTokens, 2048);
		assert.ok(prompt.includes('x480 = 480'));
	});

	it('shows a window that starts at the same line while the text grows by a line', async () => {
		const lines = Array.from({ length: 2000 }, (_, index) => `x${index} = ${index}\n`);
		const start = async (count: number) => (await filled(`${lines.slice(0, count).join('')}|`, '1')).prompt.slice(0, 60);
		assert.equal(await start(1900), await start(1901));
	});

	it('takes a model’s own marks in a text for what they are: text', async () => {
		const { prompt } = await filled('x = "<|fim_middle|>"‸', '1');
		assert.equal(prompt.split('<|fim_middle|>').length, 2);
	});

	for (const [what, picture, isLeft] of [
		['begins, has and ends with them', '<|fim_prefix|>x = <|fim_suffix|>\ny<|fim_middle|>‸', true],
		['has files of the repository before them', '<|repo_name|>r\n<|file_sep|>a\nb\n<|fim_prefix|>x<|fim_suffix|>\n<|fim_middle|>‸', true],
		['has something after the hole', '<|fim_prefix|>x = <|fim_suffix|>\ny<|fim_middle|>‸z', false],
		['only mentions them', 'marks = ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"]‸', false],
		['ends in code', '<|fim_prefix|>x = <|fim_suffix|>\ny<|fim_middle|>x‸', false],
	] as const) {
		it(`${isLeft ? 'takes' : 'does not take'} for a prompt of the model’s own what ${what}`, async () => {
			const { prompt } = await filled(picture, '1');
			assert.equal(prompt === picture.replace('‸', ''), isLeft);
		});
	}
});

describe('continuing a prompt', () => {
	it('leaves the marks of the model in it, and takes them out of the answer', async () => {
		const model = new ScriptedModel();
		model.answer = () => 'a + b<|endoftext|>';
		const prompt = '<|fim_prefix|>x = <|fim_suffix|>\n<|fim_middle|>';
		let text = '';
		for await (const piece of continueWith(model)({ prompt, end: { maxTokens: 9, stop: [] } }, never())) text += piece.text;
		assert.equal(model.questions[0]?.options.prompt, prompt);
		assert.equal(text, 'a + b');
	});
});
