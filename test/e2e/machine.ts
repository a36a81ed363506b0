import { execFileSync } from 'node:child_process';

const ip = (...args: readonly string[]) => execFileSync('ip', [...args], { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });

/** The two ways to it; each has an end here and one there. */
const ways = [
	{ name: 'link', here: '10.203.7.1', there: '10.203.7.2' },
	{ name: 'home', here: '10.203.8.1', there: '10.203.8.2' },
] as const;

/** Something like another machine: a network of its own, with a way to it that may swallow what comes back, and another one that is always good. */
export class Machine implements Disposable {
	readonly #name = `co-clone-${process.pid}`;
	/** What to start a program with, to have it there. */
	readonly place = ['ip', 'netns', 'exec', this.#name] as const;
	readonly address = ways[0].there;
	/** Where it finds this machine, whatever becomes of the other way. */
	readonly home = ways[1].here;

	/** @throws what `ip` says where nobody may make networks */
	constructor() {
		ip('netns', 'add', this.#name);
		try {
			this.#inside('link', 'set', 'lo', 'up');
			for (const { name, here, there } of ways) {
				const [near, far] = [`cc-${name}-a`, `cc-${name}-b`];
				ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', this.#name);
				ip('addr', 'add', `${here}/30`, 'dev', near);
				ip('link', 'set', near, 'up');
				this.#inside('addr', 'add', `${there}/30`, 'dev', far);
				this.#inside('link', 'set', far, 'up');
			}
		} catch (error) {
			this[Symbol.dispose]();
			throw error;
		}
	}

	/** What it sends is lost, and nobody is told. */
	cut(): void {
		this.#inside('link', 'set', 'cc-link-b', 'down');
	}

	mend(): void {
		this.#inside('link', 'set', 'cc-link-b', 'up');
	}

	/** The ends here go with those there. */
	[Symbol.dispose](): void {
		ip('netns', 'del', this.#name);
	}

	#inside(...args: readonly string[]): void {
		ip('-n', this.#name, ...args);
	}
}

/** Why there can be none here; undefined where there can. */
export function whyNoMachine(): string | undefined {
	try {
		new Machine()[Symbol.dispose]();
		return undefined;
	} catch (error) {
		return error instanceof Error ? error.message.trim() : String(error);
	}
}
