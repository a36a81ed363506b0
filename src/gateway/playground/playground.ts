import type { Signatures } from '../../signature/compare.ts';
import { readJson } from '../body.ts';
import type { Answer, Route } from '../call.ts';
import { CallError, plainFailure } from '../failure.ts';
import { textIn } from '../fields.ts';
import { pageRoutes } from './pages.ts';
import { SignIn } from './sign-in.ts';
import { signatureRoutes } from './wire-signatures.ts';

/** What the pages take. */
export interface PlaygroundParts {
	/** The pages, as they were built. */
	readonly folder: string;
	readonly signatures: Signatures;
}

/** The browser's way in: pages that are let in by a link, and what they ask for. */
export interface Playground {
	readonly routes: readonly Route[];
	/** The page that calls. */
	readonly clientOf: SignIn['clientOf'];
}

export const linkPath = '/playground/link';
/** The one that a link opens. */
export const linkPage = '/ide';

/** @param url where the gateway answers, once it does */
export function playground({ folder, signatures }: PlaygroundParts, url: () => string, now: () => number): Playground {
	const pages = new SignIn(now);
	const link: Answer = async ({ client }) => {
		if (client.scopes.includes('manage')) return Response.json({ link: `${url()}${linkPage}#code=${pages.offer()}` }, { headers: unkept });
		throw new CallError({
			status: 403,
			code: 'insufficient_scope',
			message: 'Only the programs of the user who runs this gateway may do this.',
		});
	};
	const signIn: Answer = async ({ request }) => {
		const token = pages.exchange(textIn(await readJson(request), 'code'));
		if (token !== undefined) return Response.json({ token }, { headers: unkept });
		throw new CallError({ status: 401, code: 'used-link', message: 'This link was used before, or is of a gateway that has ended.' });
	};
	return {
		routes: [
			...pageRoutes(folder),
			...signatureRoutes(signatures),
			{ method: 'POST', path: linkPath, answer: link, fail: plainFailure },
			{ method: 'POST', path: '/playground/sign-in', answer: signIn, fail: plainFailure, isOpen: true },
		],
		clientOf: (authorization) => pages.clientOf(authorization),
	};
}

const unkept = { 'cache-control': 'no-store' };
