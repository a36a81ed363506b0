import process from 'node:process';

/** Node's HTTP/2, which takes milliseconds to load: most editors never talk to a gateway elsewhere, and none should start later for it. */
export function http2() {
	return process.getBuiltinModule('node:http2');
}
