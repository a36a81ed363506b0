import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { window } from 'vscode';
import { ModelError } from '../../src/model/model-error.ts';
import { Consent } from '../../src/vscode/consent.ts';

/** Storage as an editor has it: what another write has told late takes the place of the first writes. */
class Storage {
	values: Record<string, unknown> = {};
	#echoes: number;

	constructor(echoes: number) {
		this.#echoes = echoes;
	}

	get<T>(key: string, otherwise?: T): T {
		return (key in this.values ? this.values[key] : otherwise) as T;
	}

	async update(key: string, value: unknown): Promise<void> {
		const before = this.values;
		this.values = { ...before, [key]: value };
		if (this.#echoes-- > 0) setImmediate(() => Object.assign(this, { values: before }));
	}
}

const url = 'http://models.test:11434';

describe('what is decided of a host', () => {
	const { showInformationMessage } = window;
	afterEach(() => Object.assign(window, { showInformationMessage }));

	const answering = (answer: string | undefined) => Object.assign(window, { showInformationMessage: async () => answer });
	const mayHave = (consent: Consent) => {
		try {
			consent.check(url);
			return true;
		} catch (error) {
			assert.ok(error instanceof ModelError && error.code === 'not-allowed');
			return false;
		}
	};
	/** Until somebody has decided. */
	const decided = async (storage: Storage) => {
		let consent: Consent | undefined;
		await new Promise<void>((resolve) => {
			consent = new Consent(storage, resolve);
			assert.equal(mayHave(consent), false);
		});
		assert.ok(consent);
		return consent;
	};

	for (const [answer, isAllowed] of [
		['Allow', true],
		['Don’t Allow', false],
	] as const) {
		it(`holds from then on, and is kept, whatever the editor’s storage takes back: ${answer}`, async () => {
			answering(answer);
			const storage = new Storage(1);
			const consent = await decided(storage);
			for (const started = performance.now(); performance.now() - started < 1200; await delay(20))
				assert.equal(mayHave(consent), isAllowed);
			assert.deepEqual(Object.values(storage.values), [{ 'models.test': isAllowed }]);
		});
	}

	it('can be changed in another window when it is kept', async () => {
		answering('Allow');
		const storage = new Storage(0);
		const consent = await decided(storage);
		await delay(700);
		const [key = ''] = Object.keys(storage.values);
		storage.values = { [key]: { 'models.test': false } };
		assert.equal(mayHave(consent), false);
	});
});
