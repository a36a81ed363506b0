import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { renderHaproxy, tierFiles } from '../regions/haproxy.ts';
import { readRegions } from '../regions/regions-file.ts';
import type { ExitStatus, Streams } from './streams.ts';
import { UsageError } from './usage.ts';

/** `co-clone regions render-haproxy FILE`: writes what HAProxy needs to stand in front of the regions that a file lists. */
export function regionsCommand(args: readonly string[], { output }: Streams): ExitStatus {
	const { regions, port, certificate, folder } = parseCommandLine(args);
	const { config, map } = renderHaproxy(regions, { port, certificate, map: resolve(folder, tierFiles.map) });
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, tierFiles.config), config);
	writeFileSync(join(folder, tierFiles.map), map);
	output.write(`Wrote ${join(folder, tierFiles.config)} and ${tierFiles.map} beside it.\n`);
	output.write(`Check it with: haproxy -c -f ${join(folder, tierFiles.config)}\n`);
	return 0;
}

function parseCommandLine(args: readonly string[]) {
	try {
		const { values, positionals } = parseArgs({
			args: [...args],
			allowPositionals: true,
			options: {
				port: { type: 'string', default: '8080' },
				cert: { type: 'string' },
				out: { type: 'string', default: '.' },
			},
		});
		const [what, file, ...more] = positionals;
		if (what !== 'render-haproxy' || file === undefined || more.length > 0) throw new Error('Write: co-clone regions render-haproxy FILE.');
		return { regions: readRegions(file), port: portOf(values.port), certificate: values.cert, folder: values.out };
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

function portOf(text: string): number {
	const port = Number(text);
	if (/^\d+$/.test(text) && port > 0 && port <= 65_535) return port;
	throw new Error(`“${text}” is no port. Ports go from 1 to 65535.`);
}
