import { isRecord } from '../../std/record.ts';
import { type Announcement, askGateway } from '../access/discovery.ts';
import { linkPage, linkPath } from './playground.ts';

/**
 * A link that opens a page of a gateway, signed in. It works once. For `co-clone serve`, and for a command of an editor.
 * @throws where the gateway cannot be reached; undefined where it has no pages
 */
export async function playgroundLink(at: Announcement, page: '/ide' | '/regions' = '/ide'): Promise<string | undefined> {
	const { status, text } = await askGateway(at, 'POST', linkPath, {});
	const answer: unknown = status === 200 ? JSON.parse(text) : undefined;
	const link = isRecord(answer) ? answer['link'] : undefined;
	return typeof link === 'string' ? link.replace(linkPage, page) : undefined;
}
