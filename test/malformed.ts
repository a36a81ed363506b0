import { type Random, seededRandom } from '../bench/random.ts';
import { routes } from '../src/gateway/routes.ts';
import { flags, frame, headerBlock, hello } from './http2-frames.ts';
import { RawConnection } from './raw-connection.ts';

/** Who is attacked. */
export interface Target {
	readonly url: string;
	readonly key: string;
}

/** What came of requests that nobody should send. */
export interface Outcomes {
	sent: number;
	/** By status; `closed` where there was none. */
	readonly answers: Record<string, number>;
	/** Those that a server must not give. */
	readonly bad: string[];
}

/** So long one may take before it counts as hanging. */
const hangMs = 10_000;
const atOnce = 64;
/** What a stack looks like. */
const stack = /\bat \S+ \(|node:internal|\.[cm]?[jt]s:\d+/;

interface Attack {
	readonly bytes: Buffer;
	/** Whether the other side has said all when it has said this: the server need not wait for more. */
	readonly isWhole: boolean;
}

/** Sends so many malformed requests, some at once; the same for the same seed. */
export async function attack(target: Target, count: number, seed: number): Promise<Outcomes> {
	const random = seededRandom(seed);
	const outcomes: Outcomes = { sent: 0, answers: {}, bad: [] };
	const kinds = [badBody, badBody, badHeaders, badBytes, badFrames];
	const next = async () => {
		while (outcomes.sent < count) {
			const kind = kinds[outcomes.sent++ % kinds.length] ?? badBytes;
			await send(target, kind(target, random), outcomes);
		}
	};
	await Promise.all(Array.from({ length: atOnce }, next));
	return outcomes;
}

async function send({ url }: Target, { bytes, isWhole }: Attack, outcomes: Outcomes): Promise<void> {
	await using raw = await RawConnection.open(url);
	raw.say(bytes);
	if (!isWhole) raw.end();
	const late = new Promise<undefined>((resolve) => setTimeout(resolve, hangMs, undefined).unref());
	const text = await Promise.race([raw.whole(), late]);
	const status = /^HTTP\/1\.1 (\d{3})/.exec(text ?? '')?.[1] ?? 'closed';
	outcomes.answers[status] = (outcomes.answers[status] ?? 0) + 1;
	if (text === undefined || status === '500' || stack.test(text)) {
		outcomes.bad.push(`${text ?? 'hangs'}\n${bytes.toString('latin1').slice(0, 500)}`);
	}
}

/** A well-formed call whose body is not what it should be. */
function badBody({ url, key }: Target, random: Random): Attack {
	const path = pick(
		random,
		routes.filter(({ method }) => method === 'POST'),
	).path.replace(':engine', 'x');
	const text = random() < 0.15 ? noise(random, 200).toString('latin1') : broken(random, JSON.stringify(body(random, 4)));
	const body_ = Buffer.from(text);
	const head = `POST ${path} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${body_.length}\r\n\r\n`;
	return { bytes: Buffer.concat([Buffer.from(head), body_]), isWhole: true };
}

const names = [
	...['prompt', 'suffix', 'max_tokens', 'stop', 'temperature', 'seed', 'stream', 'n', 'extra', 'model', 'messages', 'role', 'content'],
	...[
		'input_prefix',
		'input_suffix',
		'input_extra',
		'n_predict',
		'segments',
		'prefix',
		'language',
		'options',
		'path',
		'session',
		'context',
	],
	...['languageId', 'variant', 'trigger', 'text', 'filename', '__proto__', 'constructor', 'toString', ''],
];

function body(random: Random, depth: number): unknown {
	const fields = Array.from({ length: Math.floor(random() * 8) }, () => [pick(random, names), value(random, depth)]);
	const prompt = random() < 0.7 ? { prompt: 'def add(a, b):', input_prefix: 'x', path: 'a.py', prefix: 'x = ' } : {};
	return { ...prompt, ...Object.fromEntries(fields) };
}

function value(random: Random, depth: number): unknown {
	const plain = ['', 'x', '\0', '\ud800', '💥'.repeat(50), 'x'.repeat(3000), 0, -1, 0.5, 1e308, 2 ** 53, true, false, null, [], {}];
	if (depth === 0 || random() < 0.7) return pick(random, plain);
	const several = Array.from({ length: Math.floor(random() * 4) }, () => value(random, depth - 1));
	return random() < 0.5 ? several : body(random, depth - 1);
}

/** Most of the time as it is; else something is missing, doubled or changed. */
function broken(random: Random, text: string): string {
	if (random() < 0.6) return text;
	const at = Math.floor(random() * text.length);
	const end = at + Math.floor(random() * 10);
	return `${text.slice(0, at)}${pick(random, ['', '"', '\\', '{', ']', '\n', '\u{10ffff}', text.slice(at, end).repeat(20)])}${text.slice(end)}`;
}

/** A call whose first lines are not what they should be. */
function badHeaders({ url, key }: Target, random: Random): Attack {
	const { host } = new URL(url);
	const method = pick(random, ['GET', 'POST', 'PUT', 'OPTIONS', 'TRACE', 'CONNECT', 'HEAD', 'BREW', 'get', '']);
	const target = pick(random, [
		'/',
		'/v1/completions',
		'*',
		`http://${host}/`,
		'//x',
		'/%',
		'/%00',
		`/${'a/'.repeat(2000)}`,
		'/?\u00ff',
		'',
	]);
	const version = pick(random, ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', '']);
	const fields = [`Host: ${host}`, `Authorization: Bearer ${key}`, 'Content-Type: application/json', 'Connection: close'];
	const odd = [
		'Content-Length: 2',
		'Content-Length: -1',
		'Transfer-Encoding: chunked',
		'Host: x',
		'Expect: 100-continue',
		'Expect: x',
		' folded',
		'A',
		': b',
	];
	const more = [
		'Upgrade: x',
		`X: ${'x'.repeat(9000)}`,
		'X: \0',
		`\u00e9: b`,
		'Cookie: \u00ff',
		'Origin: null',
		'Content-Type: text/plain',
		'Trailer: x',
		'Range: 1',
	];
	for (let index = 0; index < random() * 4; index++)
		fields.splice(Math.floor(random() * fields.length), 0, pick(random, [...odd, ...more]));
	const end = pick(random, ['\r\n', '\r\n', '\r\n', '\n']);
	const text = `${method} ${target} ${version}${end}${fields.join(end)}${end}${end}${pick(random, ['', '{}', '0\r\n\r\n', 'zz\r\n'])}`;
	return { bytes: Buffer.from(text, 'latin1'), isWhole: false };
}

function badBytes(_: Target, random: Random): Attack {
	const start = pick(random, ['', 'PRI * HTTP/2.0\r\n', 'GET / HTTP/1.1\r\n', '\x16\x03\x01', '\r\n']);
	return { bytes: Buffer.concat([Buffer.from(start, 'latin1'), noise(random, 600)]), isWhole: false };
}

/** Frames of HTTP/2 in any order, of any kind, about any stream. */
function badFrames({ url, key }: Target, random: Random): Attack {
	const own = {
		':method': 'POST',
		':path': '/v1/completions',
		':scheme': 'http',
		':authority': new URL(url).host,
		authorization: `Bearer ${key}`,
	};
	const odd = { ':path': '', connection: 'close', Upper: 'x', te: 'gzip', 'content-length': '5', ':status': '200', cookie: '\0' };
	const block = () =>
		headerBlock([...Object.entries(own), ...Object.entries(odd).filter(() => random() < 0.1)].filter(() => random() < 0.97));
	const one = () => {
		const kind = Math.floor(random() * 12);
		const stream = pick(random, [0, 1, 1, 3, 5, 7, 2, 2 ** 31 - 1]);
		const payload = kind === 1 && random() < 0.8 ? block() : random() < 0.3 ? Buffer.from('{"prompt":"x"}') : noise(random, 40);
		return frame(
			kind,
			random() < 0.5 ? flags.endHeaders | (random() < 0.5 ? flags.endStream : 0) : Math.floor(random() * 256),
			stream,
			payload,
		);
	};
	const frames = Array.from({ length: 1 + Math.floor(random() * 12) }, one);
	const start = frame('headers', flags.endHeaders, 1, block());
	return { bytes: Buffer.concat([hello, ...(random() < 0.7 ? [start] : []), ...frames]), isWhole: false };
}

function noise(random: Random, most: number): Buffer {
	return Buffer.from(Array.from({ length: Math.floor(random() * most) }, () => Math.floor(random() * 256)));
}

function pick<T>(random: Random, all: readonly T[]): T {
	const one = all[Math.floor(random() * all.length)];
	if (one === undefined) throw new Error('Nothing to pick from.');
	return one;
}
