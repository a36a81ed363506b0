export interface Sample {
	readonly labels?: Readonly<Record<string, string | number>>;
	/** Of a histogram: which part of it this is. */
	readonly part?: 'bucket' | 'sum' | 'count';
	readonly value: number;
}

/** One thing that is measured. */
export interface Measure {
	readonly name: string;
	/** What it is, in a sentence. */
	readonly help: string;
	readonly type: 'counter' | 'gauge' | 'histogram';
	readonly samples: readonly Sample[];
}

export const prometheusType = 'text/plain; version=0.0.4; charset=utf-8';

/** The text that Prometheus and all that speak like it read. */
export function prometheusText(measures: readonly Measure[]): string {
	return measures
		.map(({ name, help, type, samples }) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines(name, samples)}`)
		.join('');
}

function lines(name: string, samples: readonly Sample[]): string {
	return samples.map(({ part, labels, value }) => `${name}${part ? `_${part}` : ''}${labelled(labels)} ${value}\n`).join('');
}

function labelled(labels: Sample['labels'] = {}): string {
	const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`);
	return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

function escaped(value: string): string {
	return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
