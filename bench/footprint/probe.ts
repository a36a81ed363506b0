import { dirname, join } from 'node:path';
import process from 'node:process';

/** Starts the extension at the path that is given, and says what that took. One process, one start. */
const [, , path = ''] = process.argv;

const state = { get: () => undefined, update: async () => {}, keys: () => [], setKeysForSync: () => {} };
const folder = dirname(dirname(path));
const context = {
	subscriptions: [],
	globalState: state,
	workspaceState: state,
	extensionUri: { fsPath: folder, path: folder, scheme: 'file' },
	globalStorageUri: { fsPath: join(folder, 'storage') },
	extension: { packageJSON: { version: '0.0.0' } },
	asAbsolutePath: (relative: string) => join(folder, relative),
};

// What is there already in an editor that starts extensions.
for (const name of ['child_process', 'crypto', 'fs/promises', 'net', 'os', 'path', 'stream/promises', 'timers/promises', 'zlib'])
	require(`node:${name}`);
require('vscode');
global.gc?.();
const before = process.memoryUsage();
const started = performance.now();
const extension = require(path);
const loaded = performance.now();
extension.activate(context);
const activated = performance.now();
global.gc?.();
const after = process.memoryUsage();
const figures = {
	loadMs: loaded - started,
	activateMs: activated - loaded,
	heapBytes: after.heapUsed + after.external - before.heapUsed - before.external,
	residentBytes: after.rss - before.rss,
};
process.stdout.write(JSON.stringify(figures), () => process.exit(0));
