import { setTimeout as delay } from 'node:timers/promises';
import { Dispatcher, type Started } from '../../src/regions/dispatch.ts';
import { placeNamed } from '../../src/regions/geography.ts';
import { guessMs, type Region } from '../../src/regions/region.ts';
import { Router } from '../../src/regions/router.ts';
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
}

/** Many people who type, in real time: what a request costs besides waiting for its region. Regions answer after a while and cost nothing. */
export async function typingUsers(users: number, random: Random): Promise<Users> {
	const here = placeNamed('eu') ?? { latitude: 0, longitude: 0 };
	const regions = names.map((name): Region => ({ name, url: 'http://localhost', token: '', at: placeNamed(name) ?? here }));
	const now = () => performance.now();
	const guess = (name: string) => regions.filter((one) => one.name === name).map((one) => guessMs(one, here))[0];
	const wait = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal, ref: false });
	const dispatcher = new Dispatcher(new Router(regions, { now, random, guess }), { delay: wait });
	const added: number[] = [];
	const one = async () => {
		const gone = new AbortController();
		let [asked, answered] = [0, 0];
		const send = async (region: Region, signal: AbortSignal): Promise<Started<string>> => {
			asked ||= now();
			await delay(guessMs(region, here) * (0.5 + random()), undefined, { signal });
			answered = now();
			return { answer: region.name, over: delay(100 * random()) };
		};
		if (random() < cancelledShare) setTimeout(() => gone.abort(), 200 * random());
		const at = now();
		try {
			await dispatcher.dispatch(send, { key: `file of user ${Math.floor(random() * users)}` }, gone.signal);
			added.push(asked - at + now() - answered);
		} catch {
			added.push(asked - at);
		}
	};
	const requests = (users * perMinute * seconds) / 60;
	const all: Promise<void>[] = [];
	const started = now();
	while (all.length < requests) {
		await delay(1);
		const due = Math.min(requests, ((now() - started) / 1000 / seconds) * requests);
		while (all.length < due) all.push(one());
	}
	const rate = all.length / ((now() - started) / 1000);
	await Promise.all(all);
	added.sort((a, b) => a - b);
	const at = (share: number) => added[Math.floor(added.length * share)] ?? 0;
	return { users, requests: all.length, wanted: requests / seconds, rate, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
