import type { Answer, Route } from '../call.ts';
import { CallError, expected, plainFailure } from '../failure.ts';
import type { Counts } from './traffic.ts';

/** What `co-clone status` shows. */
export interface GatewayStatus extends Counts {
	/** Null where none answers; `problem` says why. */
	readonly model: string | null;
	readonly problem: string | null;
	readonly isOpen: boolean;
}

/** Lets only those through that may look after the gateway. */
export function managing(answer: Answer): Answer {
	return async (call) => {
		if (call.client.scopes.includes('manage')) return answer(call);
		throw new CallError({
			status: 403,
			code: 'insufficient_scope',
			message: 'Only the programs of the user who runs this gateway may do this.',
		});
	};
}

export const statusPath = '/v1/co-clone/status';

/** `GET /v1/co-clone/status` */
export function statusRoute(counts: Counts, isOpen: boolean): Route {
	const answer: Answer = async ({ backend, signal }) => {
		const model = await backend.model.facts(signal).then(
			({ name }) => ({ model: name, problem: null }),
			(error) => ({ model: null, problem: expected(error)?.message ?? 'The model failed; the log has the details.' }),
		);
		const status: GatewayStatus = { requests: counts.requests, running: counts.running, failed: counts.failed, ...model, isOpen };
		return Response.json(status);
	};
	return { method: 'GET', path: statusPath, answer: managing(answer), fail: plainFailure };
}
