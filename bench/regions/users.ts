import { setTimeout as delay } from 'node:timers/promises';
import { Dispatcher, type Send, type Started } from '../../src/regions/dispatch.ts';
import { placeNamed } from '../../src/regions/geography.ts';
import { guessMs, type Region } from '../../src/regions/region.ts';
import { Router } from '../../src/regions/router.ts';
import { delay as abortableDelay, unwanted } from '../../src/std/abortable.ts';
import type { Random } from '../random.ts';

/** Typing as in the bench “replay”: so many requests a minute, of which about half are cancelled. */
const perMinute = 35;
const cancelledShare = 0.45;
const seconds = 10;
const names = ['us-west', 'us-east', 'eu-west', 'ap-east'];

export interface Users {
	readonly users: number;
	readonly requests: number;
	/** A second, by so many users. */
	readonly wanted: number;
	/** Really asked, a second: fewer where the machine cannot do more. */
	readonly rate: number;
	/** What the router added to a request, in milliseconds. */
	readonly p50: number;
	readonly p95: number;
	readonly p99: number;
	/** What a request costs a processor, in milliseconds: with the router, and the users and the regions alone. */
	readonly cpuMs: number;
	readonly cpuAloneMs: number;
}

type Dispatch = (send: Send<Region, string>, key: string, signal: AbortSignal) => Promise<unknown>;

/**
 * Calls what is due, all of it from one timer: a timer of its own for each thing that thousands of people wait for would cost more than what is
 * measured.
 */
class Wheel {
	readonly #due = new Map<number, (() => void)[]>();
	#turned = Math.floor(performance.now());

	add(ms: number, call: () => void): void {
		const at = Math.max(this.#turned + 1, Math.ceil(performance.now() + ms));
		const calls = this.#due.get(at);
		if (calls) calls.push(call);
		else this.#due.set(at, [call]);
	}

	turn(): void {
		for (const now = Math.floor(performance.now()); this.#turned < now; ) {
			const calls = this.#due.get(++this.#turned) ?? [];
			this.#due.delete(this.#turned);
			// One after another with all that follows from it, as from a socket.
			for (const call of calls) setImmediate(call);
		}
	}
}

/** Many people who type, in real time: what a request costs besides waiting for its region. Regions answer after a while and cost nothing. */
export async function typingUsers(users: number, random: Random): Promise<Users> {
	const here = placeNamed('eu') ?? { latitude: 0, longitude: 0 };
	const regions = names.map((name): Region => ({ name, url: 'http://localhost', token: '', at: placeNamed(name) ?? here }));
	const guesses = new Map(regions.map((region) => [region.name, guessMs(region, here)]));
	const guess = (name: string) => guesses.get(name);
	const now = () => performance.now();
	const dispatcher = new Dispatcher(new Router(regions, { now, random, guess }), { delay: abortableDelay });
	const [any] = regions;
	const alone = await type(users, random, guess, (send, _, signal) => (any ? send(any, signal) : Promise.reject(unwanted)));
	const { cpuMs, added, ...counted } = await type(users, random, guess, (send, key, signal) => dispatcher.dispatch(send, { key }, signal));
	added.sort((a, b) => a - b);
	const at = (share: number) => added[Math.floor(added.length * share)] ?? 0;
	return { users, ...counted, p50: at(0.5), p95: at(0.95), p99: at(0.99), cpuMs, cpuAloneMs: alone.cpuMs };
}

async function type(users: number, random: Random, guess: (name: string) => number | undefined, dispatch: Dispatch) {
	const now = () => performance.now();
	const wheel = new Wheel();
	const added: number[] = [];
	let running = 0;
	const one = async () => {
		const gone = new AbortController();
		let [asked, answered] = [0, 0];
		const send = ({ name }: Region, signal: AbortSignal) => {
			asked ||= now();
			return new Promise<Started<string>>((resolve, reject) => {
				signal.addEventListener('abort', () => reject(unwanted), { once: true });
				wheel.add((guess(name) ?? 0) * (0.5 + random()), () => {
					answered = now();
					resolve({ answer: name, over: new Promise((over) => wheel.add(100 * random(), over)) });
				});
			});
		};
		if (random() < cancelledShare) wheel.add(200 * random(), () => gone.abort(unwanted));
		const at = now();
		try {
			await dispatch(send, `file of user ${Math.floor(random() * users)}`, gone.signal);
			added.push(asked - at + now() - answered);
		} catch {
			added.push(asked - at);
		}
		running--;
	};
	const requests = Math.floor((users * perMinute * seconds) / 60);
	const started = now();
	const before = process.cpuUsage();
	for (let sent = 0; sent < requests || running > 0; ) {
		await delay(1);
		wheel.turn();
		for (const due = Math.min(requests, ((now() - started) / 1000 / seconds) * requests); sent < due; sent++) {
			running++;
			setImmediate(() => void one());
		}
	}
	const { user, system } = process.cpuUsage(before);
	const rate = requests / ((now() - started) / 1000);
	return { requests, wanted: requests / seconds, rate, cpuMs: (user + system) / 1000 / requests, added };
}
