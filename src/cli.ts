#!/usr/bin/env node
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { adviceFor } from './cli/advice.ts';
import type { ModelChoice } from './cli/model-choice.ts';
import { modelFolders } from './cli/model-folders.ts';
import { run } from './cli/run.ts';
import type { Serve } from './cli/serve-command.ts';
import type { Streams } from './cli/streams.ts';
import { CompletionEngine } from './completion/complete.ts';
import { everything } from './completion/gate.ts';
import type { Eagerness } from './completion/shape.ts';
import { contextIn, indexOfFolder } from './context/folder-context.ts';
import { isListedAnywhere } from './context/ignored.ts';
import { WorkerIndex } from './context/worker-index.ts';
import { Access } from './gateway/access/access.ts';
import { Keys } from './gateway/access/keys.ts';
import { Log } from './gateway/access/log.ts';
import { oneGateway } from './gateway/access/one-gateway.ts';
import { Pairing } from './gateway/access/pairing.ts';
import { backendOf } from './gateway/backend.ts';
import { type ListenOptions, listen } from './gateway/listen.ts';
import { Grammars } from './grammar/grammars.ts';
import { authorizedFetch } from './login/authorized-fetch.ts';
import { Credentials } from './login/credentials.ts';
import { systemKeyring } from './login/keyring.ts';
import { signedIn } from './login/signed-in.ts';
import { Codebase } from './lsp/codebase.ts';
import { serveLanguage } from './lsp/stdio.ts';
import { ollamaSettings, parseBackend, unknownServer } from './model/backend.ts';
import { ChosenModel } from './model/chosen.ts';
import { EmbeddedModel } from './model/embedded.ts';
import { embeddedSettings, hasModel } from './model/embedded-settings.ts';
import { EngineClient } from './model/engine-client.ts';
import { FallbackModel } from './model/fallback.ts';
import { GatewayModel } from './model/gateway-model.ts';
import { GuardedModel, otherMachine, refuseHost } from './model/hosts.ts';
import { installedEngine } from './model/installed-engine.ts';
import type { LanguageModel } from './model/language-model.ts';
import { OllamaModel } from './model/ollama.ts';
import { ollamaUrl } from './model/ollama-address.ts';
import { selfTest } from './model/self-test.ts';
import { ServerModel } from './model/server-model.ts';
import { type Absence, StandInModel } from './model/stand-in.ts';
import { withAgent } from './regions/agent.ts';
import { openFront } from './regions/front.ts';
import { signaturesWith } from './signature/compare.ts';
import { delay } from './std/abortable.ts';
import { runtimeFolder } from './std/private-folder.ts';
import { dataFolders } from './std/user-folders.ts';

const now = () => performance.now();
const root = dirname(__dirname);
/** In a package for a platform, and in a clone. */
const engineFolders = [join(root, 'engine'), join(root, '.cache', 'engine', `${process.platform}-${process.arch}`)];

const data = join(dataFolders(process.env, homedir(), process.platform).own, 'co-clone');
const credentials = () => new Credentials(join(data, 'credentials'), systemKeyring(__filename));
/** Nobody waits for a token that is fetched early. */
const clock = { wall: Date.now, steady: now, delay: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal, ref: false }) };

function chosenModel({ model, models, allowRemote }: ModelChoice): ChosenModel {
	const backend = parseBackend(model);
	const folders = models === undefined ? modelFolders(process.env, homedir(), process.platform) : [resolve(models)];
	const program = installedEngine(__dirname, engineFolders, process.env, true);
	const place = ollamaSettings(backend, ollamaUrl(process.env['OLLAMA_HOST']));
	const url = unknownServer(backend) ?? place.url;
	const origin = URL.canParse(url) ? new URL(url).origin : url;
	const tokens = signedIn(origin, credentials(), clock);
	const asUser = tokens && authorizedFetch(origin, tokens, fetch);
	const guarded = (asked: LanguageModel, at: string) => {
		const host = allowRemote && at === url ? undefined : otherMachine(at);
		return new GuardedModel(asked, () => host && refuseHost(host));
	};
	const gateway = new GatewayModel(() => ({ url: origin, tokens }), now);
	const either = new ServerModel(gateway, new OllamaModel(() => ({ url, model: undefined }), {}, asUser), () => unknownServer(backend));
	const ollama = guarded(new OllamaModel(() => place, {}, place.url === url ? asUser : undefined), place.url);
	const embedded = new EmbeddedModel(() => embeddedSettings(backend, folders), new EngineClient(() => program));
	const auto = program && hasModel(folders) ? new FallbackModel(ollama, embedded, now, () => {}) : ollama;
	const server = new StandInModel(guarded(either, url), auto, { now, delay, onChange: tellAbsence });
	return new ChosenModel(() => backend, { server, ollama, embedded, auto });
}

function tellAbsence(absence: Absence | undefined): void {
	const said = absence && `${absence.why.message} ${absence.facts.name} on this machine stands in for it.`;
	process.stderr.write(`${said ?? 'The server is back.'}\n`);
}

const grammars = new Grammars(join(__dirname, 'grammars'));
/** Also on the command line a file that is listed is nobody's business. */
const isIgnored = (path: string) => path !== '-' && isListedAnywhere(resolve(path));
const policyOf = (eagerness: Eagerness) => () => ({ ...everything, eagerness, isIgnored });
const policy = policyOf(everything.eagerness);

const keys = () => new Keys(join(data, 'gateway', 'keys'));

const runtime = () => runtimeFolder(process.env);

const serve: Serve = (options, onDevice) => {
	const access = new Access(keys(), Date.now, options.isOpen);
	const log = new Log(options.logLevel, (line) => process.stderr.write(line));
	const pairing = new Pairing(keys(), now);
	pairing.onAsk((device) => onDevice(device, (code, isAllowed) => pairing.decide(code, isAllowed)));
	const { port, tls, regions, limits, address } = options;
	const backend = backendOf({ model: log.traced(chosenModel(options)), policy, now, delay });
	const folder = runtime();
	const pages = { folder: join(__dirname, 'playground'), signatures: signaturesWith((languageId) => grammars.parser(languageId)) };
	return oneGateway(folder, async (socket) => {
		const slots = options.agentPort === undefined ? undefined : options.slots;
		const place = { port, address, tls, access, pairing, socket, pages, limits, slots, log };
		const open = (routes?: ListenOptions['routes'], measure?: ListenOptions['measure']) =>
			listen(backend, { ...place, ...(routes && { routes }), ...(measure && { measure }) });
		const opened = await (regions ? openFront(regions, { backend, keys: join(folder, 'regions'), log, open }) : open());
		return options.agentPort === undefined ? opened : withAgent(opened, options.agentPort, options.slots);
	});
};

/** The index of a client's folders, kept from one start to the next. */
const indexing = { script: join(__dirname, 'index-worker.cjs'), cache: join(data, 'index'), mostBytes: 150_000_000 };

const engine = (choice: ModelChoice, eagerness = everything.eagerness) =>
	new CompletionEngine({ model: chosenModel(choice), policy: policyOf(eagerness), now, delay });

const parts = {
	complete: (choice: ModelChoice, eagerness: Eagerness | undefined) => engine(choice, eagerness).complete,
	context: (root: string) => contextIn(indexOfFolder(root), resolve(root)),
	serve,
	keys,
	login: () => ({ credentials: credentials(), clock: { ...clock, delay } }),
	runtime,
	signatures: { grammar: (languageId: string) => grammars.parser(languageId), model: chosenModel, isIgnored },
	lsp: (choice: ModelChoice, { input, output }: Streams, signal: AbortSignal) => {
		const codebase = new Codebase((onEvent) => new WorkerIndex({ ...indexing, onEvent }));
		const engine = new CompletionEngine({ model: chosenModel(choice), policy, now, delay, context: codebase.choose });
		return serveLanguage(input, output, { engine, codebase, adviceFor: (reason) => adviceFor(reason, choice.model) }, signal);
	},
	check: (choice: ModelChoice, signal: AbortSignal) => selfTest(chosenModel(choice), now, signal),
};
const streams = { input: process.stdin, output: process.stdout, error: process.stderr };
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
void run(process.argv.slice(2), streams, parts, interrupted.signal).then((status) => {
	process.exitCode = status;
});
