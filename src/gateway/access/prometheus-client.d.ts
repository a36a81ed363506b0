/** Types for the parts of the package by themselves: the whole of it brings OpenTelemetry, a digest and a cluster, which nobody here takes. */
declare module '@prometheus-io/client/lib/counter.js' {
	import { Counter } from '@prometheus-io/client';
	export = Counter;
}
declare module '@prometheus-io/client/lib/gauge.js' {
	import { Gauge } from '@prometheus-io/client';
	export = Gauge;
}
declare module '@prometheus-io/client/lib/histogram.js' {
	import { Histogram } from '@prometheus-io/client';
	export = Histogram;
}
declare module '@prometheus-io/client/lib/registry.js' {
	import { Registry } from '@prometheus-io/client';
	export = Registry;
}
