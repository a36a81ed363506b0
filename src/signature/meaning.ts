import type { Adapted, ArgumentPlace } from './language.ts';
import type { Parameter } from './signature.ts';

/** Units by what they measure; the number is how many of the smallest they are. */
const units: readonly Readonly<Record<string, number>>[] = [
	{
		...named(1, 'ns', 'nanos', 'nanoseconds'),
		...named(1e3, 'us', 'micros', 'microseconds'),
		...named(1e6, 'ms', 'msec', 'msecs', 'millis', 'millisecond', 'milliseconds'),
		...named(1e9, 'sec', 'secs', 'second', 'seconds'),
		...named(60e9, 'mins', 'minute', 'minutes'),
		...named(3600e9, 'hrs', 'hour', 'hours'),
		...named(86_400e9, 'day', 'days'),
	},
	{
		...named(1, 'bits'),
		...named(8, 'byte', 'bytes'),
		...named(8e3, 'kb', 'kilobytes'),
		...named(8e6, 'mb', 'megabytes'),
		...named(8e9, 'gb', 'gigabytes'),
	},
	{
		...named(1, 'mm', 'millimeters'),
		...named(10, 'cm', 'centimeters'),
		...named(1e3, 'meter', 'meters'),
		...named(1e6, 'km', 'kilometers'),
	},
	{ ...named(1, 'cents'), ...named(100, 'dollars', 'euros') },
	{ ...named(1, 'percent', 'percentage'), ...named(100, 'ratio', 'fraction') },
	{ ...named(Math.PI / 180, 'deg', 'degrees'), ...named(1, 'rad', 'radians') },
];

const opposites: readonly (readonly [string, string])[] = [
	['enable', 'disable'],
	['enabled', 'disabled'],
	['include', 'exclude'],
	['show', 'hide'],
	['visible', 'hidden'],
	['allow', 'deny'],
	['allow', 'forbid'],
	['ascending', 'descending'],
	['open', 'closed'],
	['verbose', 'quiet'],
	['verbose', 'silent'],
	['mutable', 'immutable'],
];

function named(size: number, ...names: readonly string[]): Record<string, number> {
	return Object.fromEntries(names.map((name) => [name, size]));
}

/**
 * What a value has to become because its parameter got a name that means something else while its type stayed: another unit, or the
 * opposite. No checker finds these.
 */
export function adaptMeaning(place: ArgumentPlace, before: Parameter, after: Parameter): Adapted | undefined {
	const factor = unitFactor(before.name, after.name);
	if (factor !== undefined) return converted(place, factor, after);
	return areOpposite(before.name, after.name) ? negated(place, before, after) : undefined;
}

function converted({ value }: ArgumentPlace, factor: number, { name, type }: Parameter): Adapted {
	const reason = `${name} is in another unit.`;
	const number = Number(value.text.replaceAll('_', ''));
	const result = Number((number * factor).toPrecision(12));
	const fits = !/int|long|short|byte|^[iu](8|16|32|64|size)$/i.test(type ?? '') || Number.isInteger(result);
	if (/^[\d.][\d_.]*$/.test(value.text) && Number.isFinite(number)) {
		return { before: fits ? String(result) : '', after: '', keep: null, class: 'L', reason };
	}
	return { before: '', after: '', keep: null, class: 'L', reason };
}

function negated({ value }: ArgumentPlace, before: Parameter, after: Parameter): Adapted {
	const flipped: Readonly<Record<string, string>> = { true: 'false', false: 'true', True: 'False', False: 'True' };
	const reason = `${after.name} says the opposite of ${before.name}.`;
	return { before: flipped[value.text] ?? '', after: '', keep: null, class: 'L', reason };
}

function unitFactor(before: string, after: string): number | undefined {
	for (const sizes of units) {
		const find = (name: string) => words(name).find((word) => Object.hasOwn(sizes, word));
		const [from, to] = [find(before), find(after)];
		const factor = from === undefined || to === undefined ? 1 : (sizes[from] ?? 1) / (sizes[to] ?? 1);
		if (factor !== 1) return factor;
	}
	return undefined;
}

function areOpposite(before: string, after: string): boolean {
	const [left, right] = [words(before), words(after)];
	const has = (one: string, other: string) => left.includes(one) && right.includes(other);
	const without = (list: readonly string[]) => list.filter((word) => !['is', 'no', 'not', 'non', 'in'].includes(word)).join(' ');
	const isNegated = (list: readonly string[]) => list.some((word) => ['no', 'not', 'non'].includes(word));
	if (isNegated(left) !== isNegated(right) && without(left) === without(right)) return true;
	return opposites.some(([one, other]) => has(one, other) || has(other, one));
}

/** `timeoutMs`, `timeout_ms` and `TIMEOUT_MS` are `timeout`, `ms`. */
export function words(name: string): string[] {
	return name
		.replace(/([a-z\d])([A-Z])/g, '$1 $2')
		.toLowerCase()
		.split(/[^a-z\d]+/)
		.filter(Boolean);
}
