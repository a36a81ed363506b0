import { Gateway, GatewayError, type RegionStatus, type RegionsStatus } from './gateway.ts';
import { explain, open } from './opening.ts';
import { element, make, Page } from './page.ts';

const everyMs = 1000;

const page = new Page();
const gateway = new Gateway(sessionStorage);
const body = element('regions', HTMLElement);
const list = element('events', HTMLElement);
const none = element('no-events', HTMLElement);
const rows = new Map<string, { readonly row: HTMLTableRowElement; readonly cells: readonly HTMLTableCellElement[] }>();
/** The newest event that was said aloud. */
let heard: string | undefined;

/** Cells are changed where they say something else now, so that a screen reader stays where it reads. */
function write(cell: HTMLElement | undefined, ...content: readonly (Node | string)[]): void {
	const next = make('td', {}, ...content);
	if (cell && cell.innerHTML !== next.innerHTML) cell.replaceChildren(...next.childNodes);
}

function cellsOf(name: string): readonly HTMLTableCellElement[] {
	const known = rows.get(name);
	if (known) return known.cells;
	const cells = Array.from({ length: 6 }, (_, column) => make('td', { className: column < 2 ? '' : 'number' }));
	const row = make('tr', {}, make('th', { scope: 'row' }, name), ...cells);
	body.append(row);
	rows.set(name, { row, cells });
	return cells;
}

/** The file of a front may have lost some. */
function keepOnly(names: ReadonlySet<string>): void {
	for (const [name, { row }] of rows) {
		if (names.has(name)) continue;
		row.remove();
		rows.delete(name);
	}
}

const breakers = { closed: 'closed: it gets requests', open: 'open: it gets none', 'half-open': 'half open: a probe decides' };

function show(region: RegionStatus, all: number): void {
	const { name, problem, room, breaker, latencyMs, pending, answers, kilometres } = region;
	const [health, state, first, running, free, share] = cellsOf(name);
	const isUp = problem === null;
	write(
		health,
		make('span', { className: isUp ? '' : 'down' }, isUp ? 'up' : 'down'),
		make('small', {}, problem ?? `${where(region)}, ${kilometres} km`),
	);
	write(state, breakers[breaker]);
	write(first, `${latencyMs} ms`);
	write(running, String(pending));
	write(free, room && isUp ? `${Math.max(0, room.slots - room.running)} of ${room.slots}` : '–');
	const percent = all > 0 ? Math.round((100 * answers) / all) : 0;
	const meter = make('meter', { min: 0, max: 100 });
	meter.setAttribute('value', String(percent));
	meter.setAttribute('aria-label', `Share of ${name}`);
	write(share, meter, ` ${percent} %`, make('small', {}, answers === 1 ? '1 answer' : `${answers} answers`));
}

function where({ at: { latitude, longitude } }: RegionStatus): string {
	const degrees = (value: number, positive: string, negative: string) =>
		`${Math.abs(value).toFixed(1)}° ${value < 0 ? negative : positive}`;
	return `${degrees(latitude, 'N', 'S')} ${degrees(longitude, 'E', 'W')}`;
}

function showEvents(events: RegionsStatus['events']): void {
	const [newest] = events;
	const key = newest && `${newest.at} ${newest.region} ${newest.what}`;
	none.hidden = newest !== undefined;
	if (!newest || key === heard) return;
	list.replaceChildren(
		...events.map(({ at, region, what }) =>
			make('li', {}, make('time', { dateTime: at }, new Date(at).toLocaleTimeString()), ' ', make('strong', {}, region), ` ${what}`),
		),
	);
	heard = key;
}

function summary({ regions, events }: RegionsStatus): string {
	const up = regions.filter(({ problem }) => problem === null).length;
	const [newest] = events;
	const last = newest ? ` Last: ${newest.region} ${newest.what}` : '';
	return `${up} of ${regions.length} regions are up.${last}`;
}

async function look(signal: AbortSignal): Promise<string> {
	const status = await gateway.regions(signal);
	const all = status.regions.reduce((sum, { answers }) => sum + answers, 0);
	for (const region of status.regions) show(region, all);
	keepOnly(new Set(status.regions.map(({ name }) => name)));
	showEvents(status.events);
	return summary(status);
}

function problemOf(error: unknown): string {
	if (error instanceof GatewayError && error.status === 404)
		return 'This gateway has no regions. Start one that has: co-clone serve --multi-region, or --regions FILE.';
	return explain(error);
}

let said = '';

/** Screen readers hear what is new, and nothing twice. */
function say(text: string, isProblem: boolean): void {
	if (text === said) return;
	said = text;
	if (isProblem) page.alert(text);
	else page.status(text);
}

async function watch(): Promise<void> {
	if (!document.hidden) {
		try {
			say(await look(AbortSignal.timeout(5000)), false);
		} catch (error) {
			say(problemOf(error), true);
		}
	}
	setTimeout(() => void watch(), everyMs);
}

void open(gateway, page, async () => 'Signed in.').then(watch);
