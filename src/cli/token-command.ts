import { parseArgs } from 'node:util';
import { askGateway, findGateway } from '../gateway/access/discovery.ts';
import type { Key, Keys } from '../gateway/access/keys.ts';
import { approvePath } from '../gateway/access/wire-device.ts';
import type { ExitStatus, Streams } from './streams.ts';
import { understood } from './usage.ts';

/** `co-clone token`: a key for a program that is to use the gateway, the list of those there are, taking one back, and letting in who waits for one. */
export async function tokenCommand(args: readonly string[], streams: Streams, keys: Keys, runtime: () => string): Promise<ExitStatus> {
	const { list, revoke, approve, deny, name, manage, share, json } = parseCommandLine(args);
	const { output, error } = streams;
	const code = approve ?? deny;
	if (code !== undefined) return decide(code, approve !== undefined, streams, runtime());
	if (list) {
		output.write(json ? `${JSON.stringify(keys.list(), undefined, 2)}\n` : table(keys.list()));
		return 0;
	}
	if (share) return shareTokens(keys, streams);
	if (revoke !== undefined) {
		if (keys.revoke(revoke)) return 0;
		error.write(`There is no key ${JSON.stringify(revoke)}. “co-clone token --list” shows those there are.\n`);
		return 1;
	}
	const { key, text } = keys.create(name ?? 'command line', manage ? ['complete', 'manage'] : undefined);
	// Alone on standard output, to be taken by a script; it is never shown again.
	output.write(`${text}\n`);
	error.write(`This key is shown once. Take it back with: co-clone token --revoke ${key.id}\n`);
	return 0;
}

/** Gateways see the file in the folder that they share, now or when it has been copied to them. */
function shareTokens(keys: Keys, { output }: Streams): ExitStatus {
	const from = keys.share(Date.now());
	const when = from.getTime() > Date.now() ? `Tokens are signed with a new key from ${from.toLocaleTimeString()} on. ` : '';
	output.write(`${when}Gateways that have the same folder of keys accept each other’s tokens.\n`);
	return 0;
}

/** Asks the gateway that the device asked; it may be another process. */
async function decide(code: string, isAllowed: boolean, { output, error }: Streams, runtime: string): Promise<ExitStatus> {
	const at = await findGateway(runtime);
	if (!at) {
		error.write('No gateway of yours answers, so no device waits. Start one: co-clone serve.\n');
		return 1;
	}
	const { status, text } = await askGateway(at, 'POST', approvePath, { user_code: code, allow: isAllowed });
	if (status === 200) output.write(isAllowed ? 'The device is let in.\n' : 'The device is not let in.\n');
	else error.write(`${JSON.parse(text).error.message}\n`);
	return status === 200 ? 0 : 1;
}

function table(keys: readonly Key[]): string {
	return keys.map(({ id, name, scopes, created }) => `${id}  ${created.slice(0, 10)}  ${scopes.join(',')}  ${name}\n`).join('');
}

function parseCommandLine(args: readonly string[]) {
	return understood(() => {
		const { values } = parseArgs({
			args: [...args],
			options: {
				name: { type: 'string' },
				manage: { type: 'boolean', default: false },
				list: { type: 'boolean', default: false },
				share: { type: 'boolean', default: false },
				revoke: { type: 'string' },
				approve: { type: 'string' },
				deny: { type: 'string' },
				json: { type: 'boolean', default: false },
			},
		});
		const { name, revoke, approve, deny, list, share } = values;
		const wishes = [name, revoke, approve, deny, list || undefined, share || undefined].filter((wish) => wish !== undefined);
		if (wishes.length > 1) throw new Error('Name one of --name, --list, --share, --revoke, --approve and --deny.');
		return values;
	});
}
