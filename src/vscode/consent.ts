import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { type Memento, type QuickPickItem, window } from 'vscode';
import { otherMachine, refuseHost } from '../model/hosts.ts';

/** On a machine, by the name of the host; absent where nobody has decided yet. */
type Decisions = Readonly<Record<string, boolean>>;

/** In milliseconds, until what was written before does not come back any more; and how often it is written. */
const echoMs = 500;
const mostTries = 5;

/** What is needed of the editor's storage. */
type Memory = Pick<Memento, 'get' | 'update'>;

/**
 * Whether code may be sent to a host that is not this machine. Asks once a session for each, without standing in anybody's way, and sends
 * nothing until there is an answer. What is decided is remembered for this machine: the same name may be another host on the next.
 */
export class Consent {
	readonly #state: Memory;
	readonly #onDecision: () => void;
	readonly #asked = new Set<string>();
	/**
	 * Decisions of this window that may not be kept yet. The editor tells each window of every write, its own too, and what comes late of one
	 * takes back for a moment, or for good, what was written since.
	 */
	readonly #made = new Map<string, boolean>();
	readonly #key = `allowedHosts.${hostname()}`;

	/** `onDecision` is called when one is made. */
	constructor(state: Memory, onDecision: () => void) {
		this.#state = state;
		this.#onDecision = onDecision;
	}

	/** Throws where an address leads to a host that may not have code. */
	check(url: string): void {
		const host = otherMachine(url);
		if (host !== undefined && this.#decisions[host] === undefined) void this.#ask(host, url);
		this.heed(url);
	}

	/** The same, of a host that the user did not choose: nobody is asked about it. */
	heed(url: string): void {
		const host = otherMachine(url);
		if (host !== undefined && this.#decisions[host] !== true) refuseHost(host);
	}

	/** The command: shows the host in use and those decided on before; choosing one changes its decision. */
	async choose(url: string): Promise<void> {
		const current = otherMachine(url);
		const decisions = this.#decisions;
		const hosts = [...new Set([...(current === undefined ? [] : [current]), ...Object.keys(decisions)])];
		if (hosts.length === 0) {
			void window.showInformationMessage('Co-Clone: the model is on this machine, so code is sent nowhere else.');
			return;
		}
		const items = hosts.map((host) => itemFor(host, decisions[host], host === current));
		const chosen = await window.showQuickPick(items, { title: 'Hosts That Code May Be Sent To', placeHolder: 'Choose one to change that' });
		if (chosen) await this.#decide(chosen.label, decisions[chosen.label] !== true);
	}

	get #decisions(): Decisions {
		return { ...this.#kept, ...Object.fromEntries(this.#made) };
	}

	get #kept(): Decisions {
		return this.#state.get<Decisions>(this.#key, {});
	}

	async #ask(host: string, url: string): Promise<void> {
		if (this.#asked.has(host)) return;
		this.#asked.add(host);
		const how = url.startsWith('https:') ? '' : ', not encrypted';
		const question = `Co-Clone: the model is on another machine, ${host}. May the code around your cursor be sent there${how}?`;
		const answer = await window.showInformationMessage(question, allow, refuse);
		if (answer !== undefined) await this.#decide(host, answer === allow);
	}

	async #decide(host: string, isAllowed: boolean): Promise<void> {
		this.#made.set(host, isAllowed);
		this.#onDecision();
		await this.#keep(host, isAllowed);
	}

	/** From then on it can be changed in another window, too. */
	async #keep(host: string, isAllowed: boolean): Promise<void> {
		for (let tries = 0; tries < mostTries && this.#made.get(host) === isAllowed; tries++) {
			await this.#state.update(this.#key, { ...this.#kept, [host]: isAllowed });
			await delay(echoMs);
			if (this.#kept[host] === isAllowed && this.#made.get(host) === isAllowed) this.#made.delete(host);
		}
	}
}

const allow = 'Allow';
const refuse = 'Don’t Allow';

function itemFor(host: string, decision: boolean | undefined, isCurrent: boolean): QuickPickItem {
	const now = decision === undefined ? 'Not decided: nothing is sent' : decision ? 'May have code' : 'Gets nothing';
	return {
		label: host,
		detail: `${now}. Choose it to ${decision ? 'send nothing there any more' : 'allow it'}.`,
		...(isCurrent && { description: 'in use' }),
	};
}
