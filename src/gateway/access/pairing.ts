import { createHash, randomBytes, randomInt } from 'node:crypto';
import { type Keys, plainName } from './keys.ts';
import { oauthError } from './wire-oauth.ts';

/** Consonants that are not mistaken for each other and make no words (RFC 8628, 6.1). */
const letters = 'BCDFGHJKLMNPQRSTVWXZ';
const codeLength = 8;
/** How long there is to approve. */
const pairingSeconds = 600;
/** How long a device waits between two questions, at first. */
const intervalSeconds = 5;
const mostWaiting = 8;
const mostGuesses = 5;

/** A device that wants to be let in. */
export interface Device {
	/** As it calls itself. */
	readonly name: string;
	/** As the device shows it: `BCDF-GHJK`. */
	readonly code: string;
}

/** What became of an approval. */
export type Decision = 'done' | 'unknown' | 'locked';

interface Waiting extends Device {
	readonly endsAt: number;
	intervalMs: number;
	askedAt: number;
	verdict: 'none' | 'allowed' | 'denied';
}

/** What a device is told when it begins. */
export interface Begun {
	readonly deviceCode: string;
	readonly userCode: string;
	readonly seconds: number;
	readonly intervalSeconds: number;
}

/**
 * Lets devices in that cannot show a page or keep a key beforehand (RFC 8628): each shows a code, whoever runs the gateway finds the same
 * code there and allows it, and the device, which asks from time to time, gets a key of its own, once.
 */
export class Pairing {
	readonly #keys: Keys;
	readonly #now: () => number;
	/** By the hash of the device's own code. */
	readonly #waiting = new Map<string, Waiting>();
	readonly #listeners = new Set<(device: Device) => void>();
	readonly #userGuesses: Guesses;
	readonly #deviceGuesses: Guesses;

	/** `now` is in milliseconds and does not jump. */
	constructor(keys: Keys, now: () => number) {
		this.#keys = keys;
		this.#now = now;
		this.#userGuesses = new Guesses(now);
		this.#deviceGuesses = new Guesses(now);
	}

	/** Calls `listener` for each device that wants to be let in. */
	onAsk(listener: (device: Device) => void): Disposable {
		this.#listeners.add(listener);
		return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
	}

	/** @throws CallError */
	begin(name: string): Begun {
		this.#forgetOld();
		const waiting = [...this.#waiting.values()].filter((one) => this.#isOpen(one));
		if (waiting.length >= mostWaiting) throw oauthError('slow_down', 'Too many devices wait to be let in.', 429, 60);
		const deviceCode = randomBytes(32).toString('base64url');
		const code = this.#freshCode();
		const device = { name: plainName(name), code };
		const endsAt = this.#now() + pairingSeconds * 1000;
		this.#waiting.set(digest(deviceCode), { ...device, endsAt, intervalMs: intervalSeconds * 1000, askedAt: -Infinity, verdict: 'none' });
		for (const listener of this.#listeners) listener(device);
		return { deviceCode, userCode: code, seconds: pairingSeconds, intervalSeconds };
	}

	/**
	 * The key for a device that was let in; it is given once.
	 * @throws CallError that says what it has to do instead
	 */
	collect(deviceCode: string): string {
		const id = digest(deviceCode);
		const waiting = this.#waiting.get(id);
		if (!waiting) throw this.#unknownDevice();
		if (this.#now() > waiting.endsAt) throw oauthError('expired_token', 'Nobody let this device in within ten minutes. Begin again.');
		this.#refuseHaste(waiting);
		if (waiting.verdict === 'none') throw oauthError('authorization_pending', 'Nobody has let this device in yet.');
		this.#waiting.delete(id);
		if (waiting.verdict === 'denied') throw oauthError('access_denied', 'This device was not let in.');
		return this.#keys.create(waiting.name).text;
	}

	/** Lets the device with a code in, or not. Who guesses wrong too often has to wait, also with the right code. */
	decide(code: string, isAllowed: boolean): Decision {
		if (this.#userGuesses.areOver) return 'locked';
		const waiting = this.#find(code);
		if (!waiting) {
			this.#userGuesses.add();
			return this.#userGuesses.areOver ? 'locked' : 'unknown';
		}
		waiting.verdict = isAllowed ? 'allowed' : 'denied';
		return 'done';
	}

	#find(code: string): Waiting | undefined {
		const plain = code.toUpperCase().replace(/[^A-Z]/g, '');
		const wanted = plain.length === codeLength ? withDash(plain) : '';
		return [...this.#waiting.values()].find((one) => one.code === wanted && this.#isOpen(one));
	}

	#isOpen({ verdict, endsAt }: Waiting): boolean {
		return verdict === 'none' && this.#now() <= endsAt;
	}

	#unknownDevice() {
		if (this.#deviceGuesses.areOver) return oauthError('slow_down', 'Too many wrong device codes.', 429, 600);
		this.#deviceGuesses.add();
		return oauthError('invalid_grant', 'This device code is not known here, or was used.');
	}

	/** Who asks too soon waits longer from then on. */
	#refuseHaste(waiting: Waiting): void {
		const isHasty = this.#now() - waiting.askedAt < waiting.intervalMs;
		waiting.askedAt = this.#now();
		if (!isHasty) return;
		waiting.intervalMs += 5000;
		throw oauthError('slow_down', `Ask every ${waiting.intervalMs / 1000} s.`);
	}

	/** What ended is kept for as long again, so that who still asks hears why there is nothing. */
	#forgetOld(): void {
		for (const [id, { endsAt }] of this.#waiting) if (this.#now() > endsAt + pairingSeconds * 1000) this.#waiting.delete(id);
	}

	#freshCode(): string {
		for (;;) {
			const code = withDash(Array.from({ length: codeLength }, () => letters[randomInt(letters.length)]).join(''));
			if (![...this.#waiting.values()].some((one) => one.code === code)) return code;
		}
	}
}

/** Wrong codes of late. */
class Guesses {
	readonly #now: () => number;
	#times: readonly number[] = [];

	constructor(now: () => number) {
		this.#now = now;
	}

	get areOver(): boolean {
		this.#times = this.#times.filter((time) => this.#now() - time < pairingSeconds * 1000);
		return this.#times.length >= mostGuesses;
	}

	add(): void {
		this.#times = [...this.#times, this.#now()];
	}
}

function withDash(code: string): string {
	return `${code.slice(0, codeLength / 2)}-${code.slice(codeLength / 2)}`;
}

function digest(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
