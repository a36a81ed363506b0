/** In degrees; north and east are positive. */
export interface Coordinates {
	readonly latitude: number;
	readonly longitude: number;
}

/** Places by the names that people and clouds give to parts of the world. */
const places: ReadonlyMap<string, Coordinates> = new Map(
	Object.entries({
		'us-west': { latitude: 45.6, longitude: -121.2 },
		'us-east': { latitude: 38.9, longitude: -77.4 },
		'us-central': { latitude: 41.3, longitude: -95.9 },
		'sa-east': { latitude: -23.5, longitude: -46.6 },
		'eu-west': { latitude: 53.3, longitude: -6.3 },
		'eu-central': { latitude: 50.1, longitude: 8.7 },
		'eu-north': { latitude: 59.3, longitude: 18.1 },
		'af-south': { latitude: -33.9, longitude: 18.4 },
		'me-central': { latitude: 25.2, longitude: 55.3 },
		'ap-south': { latitude: 19.1, longitude: 72.9 },
		'ap-southeast': { latitude: 1.3, longitude: 103.8 },
		'ap-east': { latitude: 35.7, longitude: 139.7 },
		'au-east': { latitude: -33.9, longitude: 151.2 },
	}),
);

/** What else people call them. */
const nicknames: ReadonlyMap<string, string> = new Map(
	Object.entries({
		us: 'us-central',
		eu: 'eu-central',
		ap: 'ap-southeast',
		sa: 'sa-east',
		af: 'af-south',
		me: 'me-central',
		au: 'au-east',
	}),
);

/** The parts of the world that time zones are named after. */
const continents: ReadonlyMap<string, string> = new Map(
	Object.entries({
		Europe: 'eu-central',
		Africa: 'af-south',
		Australia: 'au-east',
		Pacific: 'au-east',
		Indian: 'ap-south',
		Atlantic: 'eu-west',
	}),
);

/** How fast light is in a cable that does not go straight, there and back. */
const kilometresPerMs = 70;
const earthKilometres = 6371;

/** Where a place with a name is: a region's (`eu-west`), or a continent's (`eu`); undefined for one that nobody knows. */
export function placeNamed(name: string): Coordinates | undefined {
	const key = name.trim().toLowerCase();
	return places.get(nicknames.get(key) ?? key);
}

export const placeNames: readonly string[] = [...nicknames.keys(), ...places.keys()];

/** Time zones that were asked for, because looking one up costs more than routing. */
const zones = new Map<string, Coordinates | undefined>();
const mostZones = 1000;

/**
 * Where somebody is who says a place (`eu`, `us-west`) or their time zone (`America/New_York`). Without a place: a time zone that tells nothing.
 * Undefined for what is neither.
 */
export function placeSaid(text: string): { readonly place: Coordinates | undefined } | undefined {
	const place = placeNamed(text);
	if (place) return { place };
	if (zones.has(text)) return { place: zones.get(text) };
	const offset = offsetOf(text);
	if (offset === undefined) return undefined;
	const guessed = placeOfTimeZone(text, offset);
	if (zones.size >= mostZones) zones.clear();
	zones.set(text, guessed);
	return { place: guessed };
}

/** Minutes from UTC, now; undefined for what is no time zone. */
function offsetOf(zone: string): number | undefined {
	try {
		const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts();
		const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
		const [, sign = '+', hours = '0', minutes = '0'] = /^GMT(?:([+-])(\d+):(\d+))?/.exec(name) ?? [];
		return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
	} catch {
		return undefined;
	}
}

/** About where somebody is whose clock shows a time zone (`America/New_York`) that is so many minutes from UTC; a hint, no more. */
export function placeOfTimeZone(zone: string, offsetMinutes: number): Coordinates | undefined {
	const [area = ''] = zone.split('/');
	const longitude = offsetMinutes / 4;
	const known = continents.get(area);
	if (known !== undefined) return places.get(known);
	if (area === 'Asia') return nearestTo({ latitude: 15, longitude }, ['me-central', 'ap-south', 'ap-southeast', 'ap-east']);
	// What is so far east there is in the south.
	if (area === 'America')
		return nearestTo({ latitude: offsetMinutes > -240 ? -20 : 38, longitude }, ['us-west', 'us-central', 'us-east', 'sa-east']);
	return undefined;
}

function nearestTo(from: Coordinates, names: readonly string[]): Coordinates | undefined {
	const known = names.flatMap((name) => places.get(name) ?? []);
	return known.toSorted((one, other) => kilometres(from, one) - kilometres(from, other))[0];
}

/** From one place to another on the ground, along a great circle. */
export function kilometres(from: Coordinates, to: Coordinates): number {
	const radians = (degrees: number) => (degrees * Math.PI) / 180;
	const [a, b] = [radians(from.latitude), radians(to.latitude)];
	const half = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(radians(to.longitude - from.longitude) / 2) ** 2;
	return 2 * earthKilometres * Math.asin(Math.sqrt(half));
}

/** How long a message there and back probably takes, before anybody has measured it. */
export function roundTripMs(from: Coordinates, to: Coordinates): number {
	return 5 + kilometres(from, to) / kilometresPerMs;
}
