import { parseArgs } from 'node:util';
import { delay, VirtualClock } from '../clock.ts';
import { seededRandom } from '../random.ts';
import { publish } from '../results.ts';
import { figure, table } from '../table.ts';
import { policies } from './policies.ts';
import { type RegionModel, SimulatedRegion } from './simulated-region.ts';
import { typingUsers, type Users } from './users.ts';

export const regionsUsage = `  regions     three simulated regions for four minutes, one ten times as slow for a minute and the nearest refusing for half a minute
      and then 10,000 people who type, in real time: what the router adds to a request
      --users N        of them (default 10000)
      --rate N         requests per second (default 100)
      --seed N         (default 1)
      --out DIR        where the results go (default bench/results)`;

const minute = 60_000;
const during = (from: number, to: number) => (at: number) => at >= from && at < to;
const isSlow = during(minute, 2 * minute);
const refuses = during(2.5 * minute, 3 * minute);
const never = () => false;
const usual = () => 1;
const lengthMs = 4 * minute;

const models: readonly RegionModel[] = [
	{ name: 'near', roundTripMs: 10, slots: 12, serviceMs: 150, slowness: usual, refuses },
	{ name: 'middle', roundTripMs: 60, slots: 12, serviceMs: 150, slowness: (at) => (isSlow(at) ? 10 : 1), refuses: never },
	{ name: 'far', roundTripMs: 120, slots: 12, serviceMs: 150, slowness: usual, refuses: never },
];

interface Result {
	readonly policy: string;
	readonly requests: number;
	readonly lost: number;
	/** Requests that more than one region was asked for. */
	readonly again: number;
	readonly p50: number;
	readonly p95: number;
	readonly p99: number;
	readonly p9999: number;
}

/** Targets of the design, for the 99th percentile of the time to the first token, and for asking again. */
const targets = { nearest: 0.15, roundRobin: 0.05, again: 0.01, addedMs: 1 };

export async function regions(args: string[]): Promise<void> {
	const { values } = parseArgs({
		args,
		options: {
			rate: { type: 'string', default: '100' },
			users: { type: 'string', default: '10000' },
			seed: { type: 'string', default: '1' },
			out: { type: 'string', default: 'bench/results' },
		},
	});
	const results: Result[] = [];
	for (const policy of Object.keys(policies)) results.push(await simulate(policy, Number(values.rate), Number(values.seed)));
	const rows = results.map(({ policy, requests, lost, again, p50, p95, p99, p9999 }) => [
		policy,
		...[requests, lost, again, p50, p95, p99, p9999].map((value) => figure(value)),
	]);
	const head = ['policy', 'requests', 'lost', 'asked again', 'p50 ms', 'p95 ms', 'p99 ms', 'p99.99 ms'];
	const users = await typingUsers(Number(values.users), seededRandom(Number(values.seed)));
	const report = `${table(head, rows)}\n\n${verdicts(results).join('\n')}\n\n${usersReport(users)}`;
	await publish(values.out, 'regions', args, { results, users }, report);
}

function verdicts(results: readonly Result[]): string[] {
	const [nearest, roundRobin, ours] = results;
	if (!nearest || !roundRobin || !ours) return [];
	const claim = (what: string, value: number, most: number) =>
		`- ${value <= most ? 'HOLDS' : 'MISS'}: ${what} ${value.toFixed(3)} (at most ${most})`;
	return [
		claim('p99, of always nearest', ours.p99 / nearest.p99, targets.nearest),
		claim('p99, of round robin', ours.p99 / roundRobin.p99, targets.roundRobin),
		claim('requests that more than one region was asked for because one failed, of all', ours.again / ours.requests, targets.again),
	];
}

function usersReport({ users, requests, wanted, rate, p50, p95, p99, cpuMs, cpuAloneMs }: Users): string {
	const head = [
		'typing users',
		'requests',
		'wanted a second',
		'asked a second',
		'added p50 ms',
		'p95 ms',
		'p99 ms',
		'processor ms',
		'of them users',
	];
	const times = [p50, p95, p99, cpuMs, cpuAloneMs].map((ms) => ms.toFixed(3));
	const row = [String(users), ...[requests, Math.round(wanted), Math.round(rate)].map((value) => figure(value)), ...times];
	const holds = p95 <= targets.addedMs ? 'HOLDS' : 'MISS';
	const most = figure(Math.round(1000 / (cpuMs - cpuAloneMs)));
	return `${table(head, [row])}

- ${holds}: what the router adds to a request, p95 in ms ${p95.toFixed(3)} (at most ${targets.addedMs})
- Added is from a request to the moment when its region is asked, and from the region's first token to the moment when it is passed on.
- Users and regions are simulated in the router's own process, and cost little of it: “of them users” is the same without a router. A processor that does nothing else routes ${most} requests a second.
  Where fewer were asked a second than wanted, the process got so much less than one processor.`;
}

/** Requests come at random, as from many people. */
async function simulate(policy: string, rate: number, seed: number): Promise<Result> {
	const clock = new VirtualClock();
	try {
		const random = seededRandom(seed);
		const now = () => clock.now();
		const places = models.map((model) => new SimulatedRegion(model, now, random));
		const send = policies[policy]?.(places, { now, random });
		if (!send) throw new Error(`There is no policy ${policy}.`);
		const forever = new AbortController().signal;
		const times: number[] = [];
		const all: Promise<void>[] = [];
		let [lost, again] = [0, 0];
		const ask = async (key: string) => {
			const at = now();
			try {
				const { attempts } = await send(key, forever);
				times.push(now() - at);
				if (attempts > 1) again++;
			} catch {
				lost++;
			}
		};
		const arrivals = (async () => {
			while (now() < lengthMs) {
				await delay((-Math.log(1 - random()) * 1000) / rate, forever);
				all.push(ask(`user ${Math.floor(random() * 200)}`));
			}
		})();
		for (let at = 0; at <= lengthMs + 2 * minute; at += 1000) await clock.advanceTo(at);
		await arrivals;
		await Promise.all(all);
		const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
		times.sort((one, other) => one - other);
		return { policy, requests: all.length, lost, again, p50: at(0.5), p95: at(0.95), p99: at(0.99), p9999: at(0.9999) };
	} finally {
		clock.close();
	}
}
