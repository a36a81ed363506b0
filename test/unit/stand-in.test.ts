import assert from 'node:assert/strict';
import { CompletionEngine } from '../../src/completion/complete.ts';
import { everything } from '../../src/completion/gate.ts';
import type { LanguageModel, ModelFacts } from '../../src/model/language-model.ts';
import { AskAgain, ModelError, type ModelErrorCode } from '../../src/model/model-error.ts';
import { StandInModel } from '../../src/model/stand-in.ts';
import { ScriptedModel } from '../scripted-model.ts';
import { VirtualTime } from '../virtual-time.ts';

const never = new AbortController().signal;

/** A server, which may fail or say nothing. */
class Server implements LanguageModel {
	failure: ModelError | undefined;
	/** Only what it is asked to write fails. */
	isBroken = false;
	hold: Promise<void> = Promise.resolve();
	timesLookedAt = 0;
	/** What is asked next goes to one that dies. */
	losesRegion = false;
	readonly name: string;
	readonly prompts: string[] = [];

	constructor(name: string) {
		this.name = name;
	}

	fail(code: ModelErrorCode, retryAfterMs?: number): void {
		this.failure = new ModelError(code, `${this.name} is ${code}.`, undefined, retryAfterMs);
	}

	async facts(): Promise<ModelFacts> {
		this.timesLookedAt++;
		await this.hold;
		if (this.failure && !this.isBroken) throw this.failure;
		return { ...new ScriptedModel().modelFacts, name: this.name };
	}

	async *generate({ prompt }: { readonly prompt: string }) {
		this.prompts.push(prompt);
		const lost = this.losesRegion ? new ModelError('unreachable', 'Its region went away.') : this.failure;
		this.losesRegion = false;
		if (lost) throw lost;
		yield ` ${this.name}`;
	}
}

function setUp() {
	const time = new VirtualTime();
	const [remote, local] = [new Server('remote'), new Server('local')];
	const said: string[] = [];
	const model = new StandInModel(remote, local, {
		now: time.steady,
		delay: time.delay,
		onChange: (absence) => said.push(absence ? `${absence.why.code} → ${absence.facts.name}` : 'back'),
	});
	const engine = new CompletionEngine({ model, policy: () => everything, now: time.steady, delay: time.delay });
	let line = 0;
	/** Types in a new line, and says what is suggested there. */
	const complete = async () => {
		const prefix = `x${line++} =`;
		const outcome = await engine.complete({ path: 'a.py', languageId: 'python', prefix, suffix: '\n', trigger: 'automatic' }, never);
		return outcome.completion?.text ?? outcome.nothing?.reason;
	};
	return { time, remote, local, said, model, complete };
}

describe('a model that stands in for a server', () => {
	it('is not asked as long as the server answers', async () => {
		const { complete, local, said } = setUp();
		assert.equal(await complete(), ' remote');
		assert.equal(local.timesLookedAt, 0, 'which could load it');
		assert.deepEqual(said, []);
	});

	for (const code of ['unreachable', 'overloaded', 'stalled', 'model-missing', 'no-memory'] as const) {
		it(`answers the very request that finds the server ${code}`, async () => {
			const { complete, remote, said } = setUp();
			assert.equal(await complete(), ' remote');
			remote.fail(code);
			assert.equal(await complete(), ' local');
			assert.deepEqual(said, [`${code} → local`]);
		});
	}

	for (const code of ['not-allowed', 'signed-out', 'bad-response'] as const) {
		it(`does not hide from the user that the server is ${code}`, async () => {
			const { complete, remote, local, said } = setUp();
			remote.fail(code);
			assert.equal(await complete(), code);
			assert.equal(local.timesLookedAt, 0);
			assert.deepEqual(said, []);
		});
	}

	it('leaves the server alone for a while, and hands back to it as soon as it is well', async () => {
		const { complete, remote, time, said } = setUp();
		remote.fail('unreachable');
		assert.equal(await complete(), ' local');
		for (let i = 0; i < 20; i++) assert.equal(await complete(), ' local');
		assert.equal(remote.timesLookedAt, 1);
		await time.pass(5000);
		assert.equal(await complete(), ' local', 'nobody waits for it');
		assert.equal(remote.timesLookedAt, 2);
		await time.pass(5000);
		await complete();
		assert.equal(remote.timesLookedAt, 2, 'the longer it is away, the longer it is left alone');
		remote.failure = undefined;
		await time.pass(5000);
		assert.equal(await complete(), ' local');
		assert.equal(await complete(), ' remote');
		assert.deepEqual(said, ['unreachable → local', 'back']);
		assert.deepEqual(remote.prompts.length, 1, 'no code goes there to find out');
	});

	it('waits as long as the server wants to be left alone', async () => {
		const { complete, remote, time } = setUp();
		remote.fail('overloaded', 30_000);
		assert.equal(await complete(), ' local');
		remote.failure = undefined;
		await time.pass(29_000);
		await complete();
		assert.equal(remote.timesLookedAt, 1);
		await time.pass(1000);
		await complete();
		assert.equal(await complete(), ' remote');
	});

	it('is not needed where another server behind the address answers at once', async () => {
		const { complete, remote, local } = setUp();
		assert.equal(await complete(), ' remote');
		remote.losesRegion = true;
		assert.equal(await complete(), ' remote');
		assert.equal(local.timesLookedAt, 0);
	});

	it('takes over from a server that says what it is and fails all the same', async () => {
		const { complete, remote, said } = setUp();
		remote.isBroken = true;
		remote.fail('unreachable');
		assert.equal(await complete(), ' local');
		assert.equal(remote.prompts.length, 2);
		assert.deepEqual(said, ['unreachable → local']);
	});

	it('takes over from a server that says nothing, in bounded time', async () => {
		const { complete, remote, time, said } = setUp();
		let answer = () => {};
		remote.hold = new Promise((resolve) => {
			answer = resolve;
		});
		const asked = complete();
		await time.pass(2000);
		assert.equal(await asked, ' local');
		assert.deepEqual(said, ['stalled → local']);
		answer();
		await time.pass(1);
		assert.equal(await complete(), ' remote');
	});

	it('that is not there changes nothing but what is said', async () => {
		const { model, remote, local, said } = setUp();
		remote.fail('unreachable');
		local.fail('model-missing');
		await assert.rejects(model.facts(never), {
			code: 'unreachable',
			message: 'remote is unreachable. No model on this machine stands in for it: local is model-missing.',
		});
		assert.deepEqual(said, []);
		remote.failure = undefined;
		assert.equal((await model.facts(never)).name, 'remote');
	});

	it('that is not there does not cut short a server that takes long', async () => {
		const { complete, remote, local, time } = setUp();
		local.fail('model-missing');
		remote.hold = time.delay(20_000, never);
		const asked = complete();
		await time.pass(20_000);
		assert.equal(await asked, ' remote');
	});

	it('is never sent a prompt that was made for the server', async () => {
		const { model, remote, local, time } = setUp();
		await model.facts(never);
		remote.fail('unreachable');
		const options = { prompt: 'for the remote one', maxTokens: 1, stop: [] };
		await assert.rejects(model.generate(options, never).next(), AskAgain);
		assert.deepEqual(local.prompts, []);
		assert.equal((await model.facts(never)).name, 'local');
		remote.failure = undefined;
		await time.pass(5000);
		await model.facts(never);
		await time.pass(1);
		for await (const _ of model.generate({ ...options, prompt: 'for the local one' }, never));
		assert.deepEqual(remote.prompts, ['for the remote one']);
		assert.deepEqual(local.prompts, ['for the local one']);
	});

	it('forgets about a server when another one is chosen', async () => {
		const { complete, remote, model } = setUp();
		remote.fail('unreachable');
		assert.equal(await complete(), ' local');
		remote.failure = undefined;
		model.reset();
		assert.equal(await complete(), ' remote');
	});
});
