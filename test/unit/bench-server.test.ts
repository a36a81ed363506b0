import assert from 'node:assert/strict';
import { VirtualClock } from '../../bench/clock.ts';
import { embedded, llamaServer, ollama, type ServerTraits, SimulatedServer } from '../../bench/server/server.ts';

/** A token is a character. */
const letters = {
	encode: (text: string) => [...text].map((letter) => letter.charCodeAt(0)),
	decode: (tokens: readonly number[]) => String.fromCharCode(...tokens),
};
/** Reads a token in 10 ms and writes one in 20. */
const machine = { name: 'test', machine: '', isGraphics: true, prefillTokensPerSecond: 100, stepMs: 20, overheadMs: 0 };

interface Client {
	readonly at?: number;
	readonly prompt: string;
	readonly says?: string;
	readonly leavesAt?: number;
	readonly stop?: string;
	readonly most?: number;
	/** The piece after which it has enough. */
	readonly enough?: string;
}

/** What clients get and when, and what it cost the server: `0 x, 20 y, over 20; read 3, wrote 2, finished`. */
async function serve(traits: ServerTraits, clients: readonly Client[]): Promise<string[]> {
	const clock = new VirtualClock();
	try {
		const server = new SimulatedServer(machine, letters, traits);
		const stories = clients.map(({ at = 0, prompt, says = '', leavesAt, stop, most = 100, enough }) => {
			const story: string[] = [];
			const controller = new AbortController();
			const talk = async () => {
				try {
					const request = { prompt, maxTokens: most, stop: stop ? [stop] : [] };
					for await (const piece of server.generate(request, () => says, controller.signal)) {
						story.push(`${clock.now()} ${piece}`);
						if (piece === enough) break;
					}
					story.push(`over ${clock.now()}`);
				} catch {
					story.push(`left ${clock.now()}`);
				}
			};
			setTimeout(() => void talk(), at);
			if (leavesAt !== undefined) setTimeout(() => controller.abort(), leavesAt);
			return story;
		});
		await clock.advanceTo(10_000);
		return stories.map((story, i) => {
			const { evaluated, decoded, end } = server.served[i] ?? {};
			return `${story.join(', ')}; read ${evaluated}, wrote ${decoded}, ${end}`;
		});
	} finally {
		clock.close();
	}
}

describe('the simulated server', () => {
	const table: readonly [what: string, traits: ServerTraits, clients: readonly Client[], stories: readonly string[]][] = [
		[
			'reads the prompt, then writes a token a step',
			ollama,
			[{ prompt: 'abc', says: 'xy' }],
			['30 x, 50 y, over 50; read 3, wrote 2, finished'],
		],
		[
			'reads only what it has not read or written itself; what it wrote last is not read yet',
			ollama,
			[
				{ prompt: 'abc', says: 'xyz' },
				{ at: 100, prompt: 'abcxyzd', says: 'e' },
			],
			['30 x, 50 y, 70 z, over 70; read 3, wrote 3, finished', '120 e, over 120; read 2, wrote 1, finished'],
		],
		[
			'reads on from the first difference',
			ollama,
			[
				{ prompt: 'abcdef', says: '' },
				{ at: 100, prompt: 'abXdef', says: 'e' },
			],
			['over 60; read 6, wrote 0, finished', '140 e, over 140; read 4, wrote 1, finished'],
		],
		[
			'reads at least the last token, in no less than a step',
			ollama,
			[
				{ prompt: 'abc', says: '' },
				{ at: 100, prompt: 'abc', says: 'x' },
			],
			['over 30; read 3, wrote 0, finished', '120 x, over 120; read 1, wrote 1, finished'],
		],
		[
			'serves one at a time, in line',
			ollama,
			[
				{ prompt: 'abc', says: 'xy' },
				{ at: 10, prompt: 'abcx', says: 'y' },
			],
			['30 x, 50 y, over 50; read 3, wrote 2, finished', '70 y, over 70; read 1, wrote 1, finished'],
		],
		[
			'who leaves the line costs nothing',
			ollama,
			[
				{ prompt: 'abc', says: 'xy' },
				{ at: 10, prompt: 'other', leavesAt: 20 },
				{ at: 15, prompt: 'abcx', says: 'y' },
			],
			[
				'30 x, 50 y, over 50; read 3, wrote 2, finished',
				'left 20; read 0, wrote 0, left in queue',
				'70 y, over 70; read 1, wrote 1, finished',
			],
		],
		[
			'Ollama reads a prompt to its end although the client has left, and writes two tokens more',
			ollama,
			[
				{ prompt: 'abcdefghij', says: 'xyz', leavesAt: 5 },
				{ at: 10, prompt: 'abcdefghijx', says: 'y' },
			],
			['left 5; read 10, wrote 2, left', '140 y, over 140; read 1, wrote 1, finished'],
		],
		[
			'Ollama writes on for two tokens when the client leaves meanwhile',
			ollama,
			[
				{ prompt: 'abc', says: 'vwxyz', leavesAt: 55 },
				{ at: 60, prompt: 'abcv', says: 'w' },
			],
			['30 v, 50 w, left 55; read 3, wrote 4, left', '110 w, over 110; read 1, wrote 1, finished'],
		],
		[
			'the embedded engine stops reading after the batch, and keeps what it read',
			{ ...embedded, batch: () => 4 },
			[
				{ prompt: 'abcdefghij', says: 'xyz', leavesAt: 5 },
				{ at: 10, prompt: 'abcdefghij', says: 'x' },
			],
			['left 5; read 4, wrote 0, left', '100 x, over 100; read 6, wrote 1, finished'],
		],
		[
			'the embedded engine stops writing at once',
			embedded,
			[{ prompt: 'abc', says: 'vwxyz', leavesAt: 55 }],
			['30 v, 50 w, left 55; read 3, wrote 3, left'],
		],
		[
			'llama-server also keeps long stretches that have moved',
			{ ...llamaServer, cacheReuse: 4 },
			[
				{ prompt: 'ab12345cd', says: '' },
				{ at: 200, prompt: 'b12345cX', says: 'y' },
			],
			['over 90; read 9, wrote 0, finished', '220 y, over 220; read 1, wrote 1, finished'],
		],
		[
			'ends before a stop string, and keeps back what may become one',
			ollama,
			[{ prompt: 'abc', says: 'a-b->c', stop: '->' }],
			['30 a, 70 -b, over 110; read 3, wrote 5, finished'],
		],
		[
			'writes no more than was asked for',
			ollama,
			[{ prompt: 'abc', says: 'xyz', most: 2 }],
			['30 x, 50 y, over 50; read 3, wrote 2, finished'],
		],
	];
	for (const [what, traits, clients, stories] of table) {
		it(what, async () => assert.deepEqual(await serve(traits, clients), stories));
	}
});
