import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Answer, Route } from '../call.ts';
import { CallError, plainFailure } from '../failure.ts';

const types: Readonly<Record<string, string>> = {
	'.css': 'text/css; charset=utf-8',
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.json': 'application/json; charset=utf-8',
	'.svg': 'image/svg+xml',
};

/** The place in a page for the number that its style sheets have to know. */
const nonceMark = '{{nonce}}';

/** Nothing from elsewhere, nothing inline; style sheets that the editor makes while it runs have to know a number of this one answer. */
function policy(nonce: string): string {
	const own = ['script-src', 'connect-src', 'img-src'].map((kind) => `${kind} 'self'`).join('; ');
	const style = `style-src 'self' 'nonce-${nonce}'`;
	return `default-src 'none'; ${own}; ${style}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

/** Serves what the build has made, by name: no path of a request ever becomes one of the disk. */
export function pageRoutes(folder: string): readonly Route[] {
	const files = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
	const page =
		(name: string): Answer =>
		async () => {
			const nonce = randomBytes(16).toString('base64');
			const html = (files.get(name) ?? '').toString().replaceAll(nonceMark, nonce);
			return respond(html, '.html', { 'content-security-policy': policy(nonce) });
		};
	const file: Answer = async ({ params }) => {
		const { name = '' } = params;
		const content = files.get(name);
		if (!content || extname(name) === '.html') throw new CallError({ status: 404, code: 'not-found', message: 'There is no such file.' });
		return respond(content, extname(name));
	};
	return [
		{ method: 'GET', path: '/', answer: page('form.html'), fail: plainFailure, isOpen: true, isPage: true },
		{ method: 'GET', path: '/ide', answer: page('ide.html'), fail: plainFailure, isOpen: true },
		{ method: 'GET', path: '/regions', answer: page('regions.html'), fail: plainFailure, isOpen: true },
		{ method: 'GET', path: '/playground/:name', answer: file, fail: plainFailure, isOpen: true },
	];
}

function respond(body: string | Buffer, extension: string, headers: Readonly<Record<string, string>> = {}): Response {
	return new Response(typeof body === 'string' ? body : new Uint8Array(body), {
		headers: {
			'content-type': types[extension] ?? 'application/octet-stream',
			'cache-control': 'no-cache',
			'referrer-policy': 'no-referrer',
			'cross-origin-opener-policy': 'same-origin',
			'cross-origin-resource-policy': 'same-origin',
			...headers,
		},
	});
}
