import { homedir } from 'node:os';
import { join } from 'node:path';
import { Disposable, type ExtensionContext, env, type LogOutputChannel, Uri, window } from 'vscode';
import { everything } from '../../completion/gate.ts';
import type { Ignored } from '../../context/ignored.ts';
import { Access } from '../../gateway/access/access.ts';
import type { Announcement } from '../../gateway/access/discovery.ts';
import { findGateway } from '../../gateway/access/discovery.ts';
import { Keys } from '../../gateway/access/keys.ts';
import { Log } from '../../gateway/access/log.ts';
import { type OneGateway, oneGateway } from '../../gateway/access/one-gateway.ts';
import { type Device, Pairing } from '../../gateway/access/pairing.ts';
import { backendOf } from '../../gateway/backend.ts';
import { listen } from '../../gateway/listen.ts';
import { playgroundLink } from '../../gateway/playground/link.ts';
import type { PlaygroundParts } from '../../gateway/playground/playground.ts';
import type { LanguageModel } from '../../model/language-model.ts';
import { delay } from '../../std/abortable.ts';
import { runtimeFolder } from '../../std/private-folder.ts';
import { dataFolders } from '../../std/user-folders.ts';
import { bundledSignatures } from './bundled-signatures.ts';
import { chooseKey, copyKey } from './keys.ts';
import { withOwnErrors } from './own-errors.ts';

/** What the gateway of a window answers with. */
export interface GatewayWorld {
	readonly model: LanguageModel;
	/** Which files nobody is told of. */
	readonly ignored: Pick<Ignored, 'isListed' | 'untilKnown'>;
	/** 0 for any that is free. */
	readonly port: number;
}

/** How soon another window takes over from one that was closed. */
const lookMs = 3000;

/** Sees to it that the user has a gateway: this window serves it, or another one does, and when that goes this one takes over. */
export class WindowGateway extends Disposable {
	readonly #context: ExtensionContext;
	readonly #log: LogOutputChannel;
	readonly #world: GatewayWorld;
	readonly #pages: PlaygroundParts;
	readonly #end = new AbortController();
	readonly #folder = runtimeFolder(process.env);
	readonly #keys = new Keys(join(dataFolders(process.env, homedir(), process.platform).own, 'co-clone', 'gateway', 'keys'));
	/** Resolves when there is a gateway, ours or another's; rejects when there cannot be one. */
	readonly ready: Promise<void>;

	constructor(context: ExtensionContext, log: LogOutputChannel, world: GatewayWorld) {
		super(() => this.#end.abort());
		this.#context = context;
		this.#log = log;
		this.#world = world;
		this.#pages = { folder: context.asAbsolutePath('dist/playground'), signatures: bundledSignatures(context.asAbsolutePath('dist')) };
		const first = this.#find();
		this.ready = first.then(() => {});
		void first.then((gateway) => this.#stay(gateway)).catch((error) => this.#explain(error));
	}

	/** Where it answers; undefined where it does not. */
	at(): Promise<Announcement | undefined> {
		return findGateway(this.#folder);
	}

	/** A key for another program, the same as the last time, in the clipboard. */
	async copyKey(): Promise<void> {
		await env.clipboard.writeText(await copyKey(this.#keys, this.#context.secrets));
	}

	/** Shows the keys that there are, to take one back. */
	chooseKey(): Promise<void> {
		return chooseKey(this.#keys);
	}

	/** Opens its pages in a browser, signed in. */
	async openPlayground(): Promise<void> {
		const at = await this.at();
		const link = at && (await playgroundLink(at));
		if (link) await env.openExternal(Uri.parse(link));
		else void window.showInformationMessage('Co-Clone: the gateway that answers has no playground.');
	}

	#find(): Promise<OneGateway> {
		return oneGateway(this.#folder, (socket) => this.#open(socket));
	}

	/** Until this window has had enough of it. */
	async #stay(first: OneGateway): Promise<void> {
		for (let gateway = first; ; gateway = await this.#find()) {
			const { isOurs, at } = gateway;
			this.#log.info(isOurs ? `The gateway answers at ${at.url}` : `The gateway of process ${at.pid} answers at ${at.url}`);
			try {
				while (isOurs || (await findGateway(this.#folder))) await delay(lookMs, this.#end.signal);
			} catch {
				return gateway[Symbol.asyncDispose]();
			}
		}
	}

	#open(socket: string) {
		const { port, ignored } = this.#world;
		const isIgnored = (path: string) => ignored.isListed(path);
		const untilKnown = (path: string, signal: AbortSignal) => ignored.untilKnown(path, signal);
		const model = withOwnErrors(this.#world.model);
		const backend = backendOf({ model, policy: () => ({ ...everything, isIgnored, untilKnown }), now: () => performance.now(), delay });
		const pairing = new Pairing(this.#keys, () => performance.now());
		pairing.onAsk((device) => void askUser(device, pairing));
		const log = new Log('info', (line, level) => this.#log[level === 'error' ? 'error' : 'debug'](line.trimEnd()));
		return listen(backend, { port, access: new Access(this.#keys, Date.now), pairing, pages: this.#pages, socket, log });
	}

	#explain(error: unknown): void {
		const { port } = this.#world;
		const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
		const why = isTaken ? `port ${port} is taken. Set “co-clone.gatewayPort” to another one, or to 0 for any` : String(error);
		this.#log.error(`The gateway does not answer: ${why}`);
		void window.showErrorMessage(`Co-Clone’s gateway does not answer: ${why}.`);
	}
}

/** Whoever only says yes has to see the code at least: it is the same that their own device shows, or it is not theirs. */
async function askUser({ name, code }: Device, pairing: Pairing): Promise<void> {
	const question = `“${name}” wants to use Co-Clone’s gateway. Let it in only if it shows this code: ${code}`;
	const answer = await window.showInformationMessage(question, 'Allow', 'Deny');
	if (!answer) return;
	const decision = pairing.decide(code, answer === 'Allow');
	if (decision === 'unknown') void window.showInformationMessage(`“${name}” does not wait any more. Let it begin again.`);
	if (decision === 'locked')
		void window.showWarningMessage('Too many wrong codes were given. Wait ten minutes, and let the device begin again.');
}
