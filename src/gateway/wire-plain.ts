import { readJson } from './body.ts';
import type { Answer, Route } from './call.ts';
import { plainFailure } from './failure.ts';
import { optionalText, textIn } from './fields.ts';
import { streamed } from './stream.ts';

/** The simplest call there is: `{"prompt": "def add(a, b):\n", "language": "python"}`, answered by text, line by line as it comes. */
const complete: Answer = async ({ request, backend, signal, leave }) => {
	const body = await readJson(request);
	const pieces = backend.fill(
		{
			path: '',
			languageId: optionalText(body, 'language') ?? 'plaintext',
			prefix: textIn(body, 'prompt'),
			suffix: optionalText(body, 'suffix') ?? '',
			end: 'block',
		},
		signal,
	);
	async function* lines() {
		for await (const { text } of pieces) if (text !== '') yield text;
	}
	return streamed(lines(), { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }, leave);
};

const health: Answer = async () => new Response('ok\n', { headers: { 'content-type': 'text/plain; charset=utf-8' } });

export const plainRoutes: readonly Route[] = [
	{ method: 'POST', path: '/', answer: complete, fail: plainFailure },
	{ method: 'GET', path: '/healthz', answer: health, fail: plainFailure, isOpen: true },
];
