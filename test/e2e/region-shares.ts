import { pause, say, until } from './faults.ts';
import type { RegionProcesses } from './region-processes.ts';

/** Asks for an answer, and says which region gave it. */
type Ask = (file: number) => Promise<string | null>;

/** So many people who ask one after another. */
const askers = 6;
const windowMs = 1500;

/** Makes one region ten times as slow while people ask, and measures how long it takes until it is spared, and until it is not any more. */
export async function slowDownOne({ regions }: RegionProcesses, ask: Ask): Promise<void> {
	for (const { model } of regions) Object.assign(model.script, { step: 0, prefill: 30, tokens: () => ['a'] });
	const served: { readonly at: number; readonly region: string | null }[] = [];
	let isOver = false;
	let file = 0;
	const asking = Array.from({ length: askers }, async () => {
		while (!isOver) {
			const region = await ask(file++ % 60);
			served.push({ at: performance.now(), region });
		}
	});
	const share = (name: string) => {
		const latest = served.filter(({ at }) => at > performance.now() - windowMs);
		return latest.filter(({ region }) => region === name).length / latest.length;
	};
	const [slow] = regions;
	try {
		if (!slow) throw new Error('There is no region.');
		await pause(2500);
		// Its very first answer may have been a slow one.
		await until(() => share(slow.name) > 0.15, 30_000);
		const usual = share(slow.name);
		slow.model.script.prefill = 300;
		let at = performance.now();
		await until(() => share(slow.name) < usual / 4, 10_000);
		say(`of its share of ${Math.round(usual * 100)} % less than a quarter is left after`, performance.now() - at);
		await pause(windowMs);
		slow.model.script.prefill = 30;
		at = performance.now();
		await until(() => share(slow.name) > usual / 2, 30_000);
		say('half of it is back after', performance.now() - at);
	} finally {
		isOver = true;
		await Promise.all(asking);
	}
}
