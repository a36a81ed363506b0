import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What was answered, kept in a file, so that a comparison that takes hours can be stopped and goes on where it was. */
export class Answers {
	readonly #path: string;
	readonly #known = new Map<string, string>();

	constructor(path: string) {
		this.#path = path;
		mkdirSync(dirname(path), { recursive: true });
		if (!existsSync(path)) return;
		for (const line of readFileSync(path, 'utf8').split('\n')) this.#read(line);
	}

	/** `question` is everything that the answer depends on. */
	get(question: unknown): string | undefined {
		return this.#known.get(keyOf(question));
	}

	add(question: unknown, answer: string, about: { readonly id: string; readonly arm: string }): void {
		const key = keyOf(question);
		this.#known.set(key, answer);
		appendFileSync(this.#path, `${JSON.stringify({ key, ...about, answer })}\n`);
	}

	/** The last line may be half written, of a run that was killed. */
	#read(line: string): void {
		try {
			const { key, answer } = JSON.parse(line);
			if (typeof key === 'string' && typeof answer === 'string') this.#known.set(key, answer);
		} catch {
			return;
		}
	}
}

function keyOf(question: unknown): string {
	return createHash('sha256').update(JSON.stringify(question)).digest('hex').slice(0, 24);
}
