const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A number as people read it: `12,345`. */
export function numberText(value: number): string {
	return value.toLocaleString('en');
}

/** A share as people read it, `28 %`; a dash where there is nothing to take a share of. */
export function shareText(part: number, whole: number): string {
	return whole === 0 ? '–' : `${Math.round((part / whole) * 100)} %`;
}

/** A duration as people read it: `53 ms`, `1.2 s`; a dash where nothing was measured. */
export function durationText(ms: number | undefined): string {
	if (ms === undefined) return '–';
	if (ms < 1000) return `${Math.round(ms)} ms`;
	return `${ms < 9950 ? Number((ms / 1000).toFixed(1)) : Math.round(ms / 1000)} s`;
}

/** `2025-01-31` as people read it: `31 Jan`. */
export function dateOf(day: string): string {
	const [, month, date] = day.split('-').map(Number);
	return `${date} ${months[(month ?? 1) - 1]}`;
}

/** Text that may hold anything, for a page. */
export function escaped(text: string): string {
	return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
