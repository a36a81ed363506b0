import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath } from '../../scripts/setup/child.mjs';
import { unpackDebianPackages } from './debian-packages.mjs';

const packages = ['haproxy', 'liblua5.3-0', 'libopentracing-c-wrapper0', 'libopentracing1'];

/**
 * Finds HAProxy, or unpacks Debian's under `.cache/haproxy/`.
 *
 * @param {(report: string) => void} [report] progress
 * @returns {Promise<{binary: string, libraries: string} | undefined>} with the folder of libraries that it needs (empty where they are installed)
 */
export async function findHaproxy(report = () => {}) {
	const installed = findOnPath('haproxy') ?? (existsSync('/usr/sbin/haproxy') ? '/usr/sbin/haproxy' : undefined);
	if (installed) return { binary: installed, libraries: '' };
	const folder = await unpackDebianPackages('haproxy', packages, report);
	if (!folder) return undefined;
	const [triplet = ''] = (await readdir(join(folder, 'usr/lib'))).filter((name) => name.endsWith('-linux-gnu'));
	return { binary: join(folder, 'usr/sbin/haproxy'), libraries: join(folder, 'usr/lib', triplet) };
}
