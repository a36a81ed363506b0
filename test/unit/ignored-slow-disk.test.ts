import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type FillPiece, FillRefusal, fillWith } from '../../src/completion/fill.ts';
import { everything } from '../../src/completion/gate.ts';
import { Ignored } from '../../src/context/ignored.ts';
import type { RuleFile } from '../../src/context/index/rule-files.ts';
import { cancelable } from '../../src/std/cancelable.ts';
import { setUp } from '../scripted-engine.ts';
import { ScriptedModel } from '../scripted-model.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const forever = new AbortController().signal;

/** A disk that answers when it is told to. */
class ScriptedDisk {
	readonly files = new Map<string, string>();
	/** What was asked for, in this order. */
	readonly asked: string[] = [];
	mostAtOnce = 0;
	readonly #waiting: (() => void)[] = [];
	#isQuick = false;

	readonly read = async (file: string): Promise<RuleFile | undefined> => {
		const path = file.replace(/^[a-z]:/i, '').replaceAll('\\', '/');
		this.asked.push(path);
		if (!this.#isQuick) {
			const answered = new Promise<void>((resolve) => this.#waiting.push(resolve));
			this.mostAtOnce = Math.max(this.mostAtOnce, this.#waiting.length);
			await answered;
		}
		const text = this.files.get(path);
		if (text === 'broken') throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
		return text === undefined ? undefined : { text };
	};

	/** To what waits, and to whatever is asked from now on. */
	answers(): void {
		this.#isQuick = true;
		for (const answer of this.#waiting.splice(0)) answer();
	}

	/** To the one that waits. */
	async answersOnce(): Promise<void> {
		this.#waiting.shift()?.();
		for (let i = 0; i < 10; i++) await turn();
	}
}

function onDisk(files: Readonly<Record<string, string>> = {}) {
	const disk = new ScriptedDisk();
	for (const [path, text] of Object.entries(files)) disk.files.set(path, text);
	const places = [{ root: '/work', exclude: [] }];
	const ignored = new Ignored(() => places, disk.read);
	return { disk, places, ignored };
}

describe('rules about files, on a disk that does not answer', () => {
	it('until it does nothing of a file is sent, on demand and in advance neither; then the suggestion comes', async () => {
		const { disk, ignored } = onDisk({ '/work/.co-cloneignore': 'prices.ts\n' });
		const { model, engine, ask } = setUp({ isIgnored: (path) => ignored.isListed(path) });
		model.answer = () => ' left;';
		for (const trigger of ['automatic', 'manual'] as const) {
			for (const path of ['/work/cart.ts', '/work/prices.ts'])
				assert.equal((await ask('return |', { trigger, path })).picture, 'rules-unread');
		}
		const place = { path: '/work/cart.ts', languageId: 'typescript', prefix: 'a\n', suffix: '', trigger: 'automatic' } as const;
		await engine.warm(place, forever);
		await engine.lookAhead(place, { text: 'a', replaces: 0 }, forever);
		assert.equal(model.questions.length, 0);
		disk.answers();
		await ignored.untilKnown('/work/cart.ts', forever);
		assert.equal((await ask('return |', { path: '/work/cart.ts' })).picture, 'return left;|');
		assert.equal((await ask('return |', { path: '/work/prices.ts' })).picture, 'ignored-file');
	});

	it('what it is asked for by many, and again after every change, is still two files at a time', async () => {
		const { disk, ignored } = onDisk();
		for (let i = 0; i < 50; i++) {
			assert.equal(ignored.isListed(`/work/src/deep/${i}/cart.ts`), 'unknown');
			assert.equal(ignored.isLeftOut(`/work/src/deep/${i}/cart.ts`), 'unknown');
			if (i % 10 === 0) ignored.forget();
		}
		for (let i = 0; i < 5; i++) await disk.answersOnce();
		assert.equal(disk.mostAtOnce, 2);
		assert.equal(disk.asked.length, 7);
	});

	it('who asked last is answered first, and told', async () => {
		const { disk, ignored } = onDisk();
		let news = 0;
		ignored.onNews(() => news++);
		for (let i = 0; i < 50; i++) ignored.isLeftOut(`/work/src/${i}/cart.ts`);
		ignored.isListed('/work/open.ts');
		await disk.answersOnce();
		await disk.answersOnce();
		assert.deepEqual(disk.asked.slice(0, 2), ['/work/.git', '/work/.co-cloneignore']);
		assert.equal(ignored.isListed('/work/open.ts'), false);
		assert.equal(news, 1);
	});

	it('keeps nobody waiting who works on another one', async () => {
		const places = ['/gone', '/work'].map((root) => ({ root, exclude: [] }));
		const hanging = new ScriptedDisk();
		const ignored = new Ignored(
			() => places,
			async (path) => (path.includes('gone') ? hanging.read(path) : undefined),
		);
		assert.equal(ignored.isListed('/gone/cart.ts'), 'unknown');
		await ignored.untilKnown('/work/cart.ts', forever);
		assert.deepEqual([ignored.isListed('/work/cart.ts'), ignored.isListed('/gone/cart.ts')], [false, 'unknown']);
		assert.equal(ignored.isListed('/elsewhere/cart.ts'), false, 'and what is in no folder needs no disk');
	});

	it('keeps nobody waiting either who works beside what hangs in a folder of it', async () => {
		const hanging = new ScriptedDisk();
		const ignored = new Ignored(
			() => [{ root: '/work', exclude: [] }],
			async (path) => (path.includes('mounted') ? hanging.read(path) : undefined),
		);
		for (let i = 0; i < 100; i++) ignored.isListed(`/work/mounted/${i}/cart.ts`);
		await ignored.untilKnown('/work/cart.ts', forever);
		assert.equal(ignored.isListed('/work/cart.ts'), false);
		assert.equal(ignored.isListed('/work/mounted/1/cart.ts'), 'unknown');
		assert.deepEqual(hanging.asked, ['/work/mounted/.co-cloneignore']);
	});

	it('what was read before a change counts no more', async () => {
		const { disk, ignored } = onDisk();
		assert.equal(ignored.isListed('/work/prices.ts'), 'unknown');
		disk.files.set('/work/.co-cloneignore', 'prices.ts\n');
		ignored.forget();
		disk.files.delete('/work/.co-cloneignore');
		await disk.answersOnce();
		assert.equal(ignored.isListed('/work/prices.ts'), 'unknown');
		disk.files.set('/work/.co-cloneignore', 'prices.ts\n');
		await disk.answersOnce();
		assert.equal(ignored.isListed('/work/prices.ts'), true);
	});

	it('that says that it cannot read has not said that nothing is there: it is asked again', async () => {
		const { disk, ignored } = onDisk({ '/work/.co-cloneignore': 'broken' });
		disk.answers();
		assert.equal(ignored.isListed('/work/prices.ts'), 'unknown');
		await delay(50);
		assert.equal(ignored.isListed('/work/prices.ts'), 'unknown');
		disk.files.set('/work/.co-cloneignore', 'prices.ts\n');
		await ignored.untilKnown('/work/prices.ts', forever);
		assert.equal(ignored.isListed('/work/prices.ts'), true);
	});

	it('who waits can change their mind, and is let go where the folder is closed', async () => {
		const { disk, places, ignored } = onDisk();
		const waiting = cancelable((signal) => ignored.untilKnown('/work/cart.ts', signal));
		const patient = ignored.untilKnown('/work/other.ts', forever);
		await turn();
		waiting.cancel();
		await assert.rejects(waiting);
		places.length = 0;
		ignored.forget();
		await patient;
		assert.equal(disk.asked.length, 1);
	});

	it('other programs wait for it, and are then told the same', async () => {
		const { disk, ignored } = onDisk({ '/work/.co-cloneignore': 'prices.ts\n' });
		const model = new ScriptedModel();
		model.answer = () => 'b';
		const untilKnown = (path: string, signal: AbortSignal) => ignored.untilKnown(path, signal);
		const fill = fillWith(model, () => ({ ...everything, isIgnored: (path) => ignored.isListed(path), untilKnown }));
		const hole = { languageId: 'typescript', prefix: 'a = ', suffix: '', end: { maxTokens: 4, stop: [] } } as const;
		const filled = async (path: string) => {
			const pieces: FillPiece[] = [];
			for await (const piece of fill({ ...hole, path }, forever)) pieces.push(piece);
			return pieces.map(({ text }) => text).join('');
		};
		const answers = [filled('/work/cart.ts'), filled('/work/prices.ts').catch((error: unknown) => error)];
		await delay(10);
		assert.equal(model.questions.length, 0);
		disk.answers();
		const [text, refusal] = await Promise.all(answers);
		assert.equal(text, 'b');
		assert.ok(refusal instanceof FillRefusal);
		assert.equal(refusal.nothing.reason, 'ignored-file');
	});

	it('is not waited for: everything else goes on', async function () {
		// Windows has no pipes in its file system.
		if (process.platform === 'win32') this.skip();
		await using folder = await TemporaryFolder.create();
		const root = join(folder.path, 'work');
		await mkdir(join(root, 'src'), { recursive: true });
		// Opening it waits in the system until somebody writes.
		await promisify(execFile)('mkfifo', [join(root, '.co-cloneignore')]);
		const ignored = new Ignored(() => [{ root, exclude: [] }]);
		let longest = 0;
		for (let key = 0; key < 20; key++) {
			const started = performance.now();
			assert.equal(ignored.isListed(join(root, 'src', 'prices.ts')), 'unknown');
			await delay(2);
			longest = Math.max(longest, performance.now() - started);
		}
		assert.ok(longest < 500, `${longest} ms`);
		await writeFile(join(root, '.co-cloneignore'), 'prices.ts\n');
		await ignored.untilKnown(join(root, 'src', 'prices.ts'), forever);
		assert.equal(ignored.isListed(join(root, 'src', 'prices.ts')), true);
	});
});
