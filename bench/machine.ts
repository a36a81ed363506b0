import { cpus, release, totalmem, type } from 'node:os';
import process from 'node:process';

/** What a measurement was made on, and with. */
export interface Machine {
	readonly cpu: string;
	readonly cores: number;
	readonly memoryGb: number;
	readonly system: string;
	readonly node: string;
}

export function thisMachine(): Machine {
	return {
		cpu: cpus()[0]?.model.trim() ?? 'unknown',
		cores: cpus().length,
		memoryGb: Math.round(totalmem() / 1e9),
		system: `${type()} ${release()}`,
		node: process.version,
	};
}

export function describe({ cpu, cores, memoryGb, system, node }: Machine): string {
	return `${cores} × ${cpu}, ${memoryGb} GB, ${system}, Node ${node}`;
}
