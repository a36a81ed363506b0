import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { renderHaproxy, tierFiles } from '../regions/haproxy.ts';
import { readRegions } from '../regions/regions-file.ts';
import { portOf } from './port.ts';
import type { ExitStatus, Streams } from './streams.ts';
import { understood } from './usage.ts';

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
	return understood(() => {
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
		return { regions: readRegions(file), port: portOf(values.port, 1), certificate: values.cert, folder: values.out };
	});
}
