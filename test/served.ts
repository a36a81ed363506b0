import { CompletionEngine } from '../src/completion/complete.ts';
import { fillWith } from '../src/completion/fill.ts';
import { everything } from '../src/completion/gate.ts';
import { Engines } from '../src/gateway/engines.ts';
import { type Listening, listen } from '../src/gateway/listen.ts';
import { delay } from '../src/std/abortable.ts';
import { ScriptedModel } from './scripted-model.ts';

/** A gateway on a port of its own, with a model that answers by script. */
export class Served implements AsyncDisposable {
	readonly model: ScriptedModel;
	/** What nobody expected. */
	readonly faults: readonly unknown[];
	readonly key: string;
	readonly url: string;
	readonly #listening: Listening;

	private constructor(model: ScriptedModel, faults: readonly unknown[], listening: Listening) {
		this.model = model;
		this.faults = faults;
		this.key = listening.key;
		this.url = `http://127.0.0.1:${listening.port}`;
		this.#listening = listening;
	}

	/** A model with an answer gives it to every question; one without is answered by the test. */
	static async start(answer?: string): Promise<Served> {
		const model = new ScriptedModel();
		if (answer !== undefined) model.answer = () => answer;
		const policy = () => everything;
		const engines = new Engines(() => new CompletionEngine({ model, policy, now: () => performance.now(), delay }).complete);
		const faults: unknown[] = [];
		const backend = {
			fill: fillWith(model, policy),
			complete: engines.for.bind(engines),
			facts: () => model.facts(),
		};
		return new Served(model, faults, await listen(backend, 0, (error) => faults.push(error)));
	}

	get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
		return fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${this.key}`, ...headers } });
	}

	post(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
		return fetch(`${this.url}${path}`, {
			method: 'POST',
			headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
			body: typeof body === 'string' ? body : JSON.stringify(body),
			...(signal ? { signal } : {}),
		});
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#listening[Symbol.asyncDispose]();
	}
}
