import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Files with a certificate that nobody has signed, for this machine or another address, and its key. Undefined where there is no openssl. */
export function certificate(folder: string, address = '127.0.0.1'): { readonly cert: string; readonly key: string } | undefined {
	const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
	const subject = ['-subj', '/CN=localhost', '-addext', `subjectAltName=DNS:localhost,IP:${address}`];
	const making = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
	try {
		execFileSync('openssl', [...making, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
		return { cert, key };
	} catch {
		return undefined;
	}
}
