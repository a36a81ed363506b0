import { randomUUID } from 'node:crypto';
import type { Elsewhere } from '../completion/elsewhere.ts';
import { invalid, type JsonObject, readJson } from './body.ts';
import type { Answer, Call, Route } from './call.ts';
import { allOf } from './dialect.ts';
import { objectIn, objectsIn, optionalText, samplingIn, textIn } from './fields.ts';
import { openAiFailure } from './openai-dialect.ts';

/** `POST /v1/completions` with `segments`: a place in a file, answered by what an editor shows there. */
export async function tabbyCompletion({ backend, signal }: Call, body: JsonObject): Promise<Response> {
	const mode = optionalText(body, 'mode') ?? 'standard';
	if (mode !== 'standard') throw invalid('“mode” must be “standard”: edits elsewhere are not suggested here.');
	const segments = objectIn(body, 'segments');
	const hole = {
		path: optionalText(segments, 'filepath') ?? '',
		languageId: optionalText(body, 'language') ?? 'plaintext',
		prefix: textIn(segments, 'prefix'),
		suffix: optionalText(segments, 'suffix') ?? '',
		end: 'block' as const,
		sampling: samplingIn(body),
		elsewhere: elsewhereIn(segments),
	};
	const { text } = await allOf(backend.fill(hole, signal));
	return Response.json({ id: `cmpl-${randomUUID()}`, choices: [{ index: 0, text }] });
}

/** There what matters most comes first. */
function elsewhereIn(segments: JsonObject): Elsewhere[] {
	const found = [...objectsIn(segments, 'declarations'), ...objectsIn(segments, 'relevant_snippets_from_changed_files')];
	return found.map((one) => ({ path: textIn(one, 'filepath'), text: textIn(one, 'body') })).reverse();
}

/** `/v1/health` of Tabby; llama.cpp's clients ask at the same path, and look at `status`. */
const health: Answer = async ({ backend, signal }) => {
	const { name } = await backend.model.facts(signal);
	const machine = { device: 'local', arch: process.arch, cpu_info: '', cpu_count: 1, cuda_devices: [] };
	return Response.json({
		status: 'ok',
		model: name,
		...machine,
		version: { build_date: '', build_timestamp: '', git_sha: '', git_describe: '' },
	});
};

/** What was shown and accepted over there is not kept. */
const events: Answer = async ({ request }) => {
	await readJson(request);
	return new Response(null, { status: 200 });
};

const settings: Answer = async () => Response.json({ disable_client_side_telemetry: true });

const models: Answer = async ({ backend, signal }) => {
	const { name } = await backend.model.facts(signal);
	return Response.json({ completion: [name], chat: [], embedding: [] });
};

export const tabbyRoutes: readonly Route[] = [
	{ method: 'GET', path: '/v1/health', answer: health, fail: openAiFailure },
	{ method: 'POST', path: '/v1/health', answer: health, fail: openAiFailure },
	{ method: 'POST', path: '/v1/events', answer: events, fail: openAiFailure },
	{ method: 'GET', path: '/v1beta/server_setting', answer: settings, fail: openAiFailure },
	{ method: 'GET', path: '/v1beta/models', answer: models, fail: openAiFailure },
];
