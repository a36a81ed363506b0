import { parseArgs } from 'node:util';
import type { Key, Keys } from '../gateway/access/keys.ts';
import type { ExitStatus, Streams } from './streams.ts';
import { UsageError } from './usage.ts';

/** `co-clone token`: a key for a program that is to use the gateway, the list of those there are, and taking one back. */
export function tokenCommand(args: readonly string[], { output, error }: Streams, keys: Keys): ExitStatus {
	const { list, revoke, name, json } = parseCommandLine(args);
	if (list) {
		output.write(json ? `${JSON.stringify(keys.list(), undefined, 2)}\n` : table(keys.list()));
		return 0;
	}
	if (revoke !== undefined) {
		if (keys.revoke(revoke)) return 0;
		error.write(`There is no key ${JSON.stringify(revoke)}. “co-clone token --list” shows those there are.\n`);
		return 1;
	}
	const { key, text } = keys.create(name ?? 'command line');
	// Alone on standard output, to be taken by a script; it is never shown again.
	output.write(`${text}\n`);
	error.write(`This key is shown once. Take it back with: co-clone token --revoke ${key.id}\n`);
	return 0;
}

function table(keys: readonly Key[]): string {
	return keys.map(({ id, name, scopes, created }) => `${id}  ${created.slice(0, 10)}  ${scopes.join(',')}  ${name}\n`).join('');
}

function parseCommandLine(args: readonly string[]) {
	try {
		const { values } = parseArgs({
			args: [...args],
			options: {
				name: { type: 'string' },
				list: { type: 'boolean', default: false },
				revoke: { type: 'string' },
				json: { type: 'boolean', default: false },
			},
		});
		const wishes = [values.name, values.revoke, values.list || undefined].filter((wish) => wish !== undefined);
		if (wishes.length > 1) throw new Error('Name one of --name, --list and --revoke.');
		return values;
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}
