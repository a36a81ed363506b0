import type { Answered } from './gateway.ts';
import { element } from './page.ts';

/** Says which region answered, and why that one. Until one has, nothing on the page tells of regions. */
export function showAnswered(answered: Answered): void {
	const line = element('answered', HTMLElement);
	line.hidden = false;
	line.textContent = sentence(answered);
	element('regions-link', HTMLElement).hidden = false;
}

/** `eu-west answered after 92 ms (nearest; this file goes there).` */
function sentence({ region, attempts, why, firstMs, routeMs }: Answered): string {
	const times = `after ${Math.round(firstMs)} ms, of which finding it took ${routeMs} ms`;
	const tries = attempts > 1 ? `; ${attempts} regions were asked` : '';
	return `${region} answered ${times} (${why}${tries}).`;
}
