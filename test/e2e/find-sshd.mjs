import { existsSync } from 'node:fs';
import { unpackDebianPackages } from './debian-packages.mjs';

/**
 * Finds OpenSSH's server, or unpacks Debian's under `.cache/sshd/`, with the one library of it that only servers have.
 *
 * @param {(report: string) => void} [report] progress
 * @returns {Promise<string | undefined>} the folder in which it lies as it would below `/`; undefined where there is none and none can
 *   be had
 */
export async function findSshd(report = () => {}) {
	if (existsSync('/usr/sbin/sshd')) return '/';
	return await unpackDebianPackages('sshd', ['openssh-server', 'libwrap0'], report);
}
