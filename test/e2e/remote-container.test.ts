import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { TemporaryFolder } from '../temporary-folder.ts';
import { environment } from './editor-page.ts';
import { sudo } from './remote-machine.ts';

/**
 * What is left of a machine in a strict container: nothing can be written but a very small folder for temporary files, the user has a
 * number and no name, no home and no session, and there is no network. Files and folders from here are shown below /mnt.
 */
const strictContainer = `
temporary=$1
shift
mount -t tmpfs tmpfs /mnt
while [ "$1" != -- ]; do
	if [ -d "$1" ]; then mkdir "/mnt/$2"; else touch "/mnt/$2"; fi
	mount --bind "$1" "/mnt/$2"
	shift 2
done
shift
mount -o remount,ro /mnt
mount -o remount,bind,ro /
mount -t tmpfs -o "$temporary" tmpfs /tmp
exec setpriv --reuid 61234 --regid 61234 --clear-groups env -i PATH=/none HOME=/none XDG_RUNTIME_DIR=/run/user/0 "$@"
`;

/** How the folder for temporary files is mounted. */
type Temporary = 'size=64k,mode=1777' | 'ro';

describe('a strict container', () => {
	let folder: TemporaryFolder;
	/** What is run, and what it needs, by names in the container. */
	let files: Readonly<Record<string, string>>;

	before(async () => {
		folder = await TemporaryFolder.create();
		const text = join(folder.path, 'add.ts');
		await writeFile(text, 'export function add(left: number, right: number): number {\n\treturn \n}\n');
		const extensions = join(environment('E2E_FOLDER'), 'embedded-extensions');
		const installed = (await readdir(extensions)).find((name) => name.startsWith('co-clone.co-clone-'));
		files = {
			node: process.execPath,
			extension: join(extensions, installed ?? ''),
			'model.gguf': environment('E2E_WEIGHTS'),
			'add.ts': text,
		};
	});
	after(() => folder[Symbol.asyncDispose]());

	function completion(place: (name: string) => string): string[] {
		const program = [place('node'), join(place('extension'), 'dist', 'cli.cjs')];
		return [...program, 'complete', `${place('add.ts')}:2:9`, '--model', `embedded:${place('model.gguf')}`];
	}

	function inContainer(temporary: Temporary): string[] {
		const shown = Object.entries(files).flatMap(([name, path]) => [path, name]);
		const namespaces = ['unshare', '--mount', '--net', '--propagation', 'private'];
		const script = ['sh', '-euc', strictContainer, 'container', temporary, ...shown, '--'];
		return [...sudo, ...namespaces, ...script, ...completion((name) => `/mnt/${name}`)];
	}

	/** What can be had of it where nobody may make one. */
	function withoutContainer(temporary: Temporary): string[] {
		console.log('      Without a container, only with its environment: this needs Linux and root.');
		const folderForIt = temporary === 'ro' ? '/none' : folder.path;
		return ['env', '-i', 'PATH=/none', 'HOME=/none', `TMPDIR=${folderForIt}`, ...completion((name) => files[name] ?? '')];
	}

	async function run(temporary: Temporary): Promise<{ status: unknown; output: string; error: string }> {
		const canMake = spawnSync('sh', ['-c', `${sudo.join(' ')} unshare --mount --net true`]).status === 0;
		const [program = '', ...args] = canMake ? inContainer(temporary) : withoutContainer(temporary);
		const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
		const [[status], output, error] = await Promise.all([once(child, 'exit'), readAll(child.stdout), readAll(child.stderr)]);
		console.log(`      ${(output || error).trim()}`);
		return { status, output, error };
	}

	it('is enough for the engine', async () => {
		const { status, output, error } = await run('size=64k,mode=1777');
		assert.deepEqual([status, output], [0, 'left + right;\n'], error);
	});

	it('in which nothing at all can be written is said to be too strict', async () => {
		const { status, error } = await run('ro');
		assert.equal(status, 2);
		assert.match(error, /cannot use the folder \S+ for its socket .* Set TMPDIR to a folder that can be written/);
	});
});
