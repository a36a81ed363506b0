import type { Complaint, Slowness } from '../completion/health.ts';
import type { Action } from './advice.ts';
import { readSettings } from './settings.ts';
import { durationText } from './statistics-text.ts';

const chooseModel: Action = { title: 'Choose Another Model', command: 'co-clone.selectModel' };
const onDemand: Action = { title: 'Suggest Only on Demand', command: 'co-clone.toggleTrigger' };

/** Why it is slow, what helps, and what can be done about it at once. */
interface Advice {
	readonly why: (complaint: Complaint) => string;
	readonly hint: string;
	readonly actions: readonly Action[];
}

const advice: Readonly<Record<Slowness, Advice>> = {
	decode: {
		why: ({ tokensPerSecond }) => `the model writes ${rateText(tokensPerSecond)}`,
		hint: 'A smaller model is faster, and so is one on a graphics card.',
		actions: [chooseModel, onDemand],
	},
	prefill: {
		why: ({ tokensPerSecond }) => `the model reads ${rateText(tokensPerSecond)}`,
		hint: 'A smaller model reads faster, and so does one on a graphics card.',
		actions: [chooseModel, onDemand],
	},
	cache: {
		why: () => 'the model reads the text around the cursor anew for each, because the server does not keep what it has read',
		hint: 'Somebody else may be using the server in between. The embedded engine is ours alone.',
		actions: [chooseModel, onDemand],
	},
	load: {
		why: () => 'something else takes its place in memory',
		hint: 'Choose a smaller model, or end what needs the memory.',
		actions: [chooseModel],
	},
	busy: {
		why: ({ usualMs }) => `the machine is busy with something else; otherwise they take ${durationText(usualMs)}`,
		hint: 'They will be fast again when that is over.',
		actions: [onDemand, chooseModel],
	},
};

/** For example “Suggestions take 4 s”. */
export function headline({ slowness, ms }: Complaint): string {
	return slowness === 'load'
		? `The model is loaded again and again, ${durationText(ms)} each time`
		: `Suggestions take ${durationText(ms)}`;
}

/** Why that is, and what helps. */
export function remedy(complaint: Complaint): string {
	const { why, hint } = advice[complaint.slowness];
	const reason = why(complaint);
	return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}. ${hint}`;
}

/** All of it in one. */
export function explainSlowness(complaint: Complaint): string {
	const { why, hint } = advice[complaint.slowness];
	return `${headline(complaint)}: ${why(complaint)}. ${hint}`;
}

/** The first is what helps most. */
export function actionsAgainst({ slowness }: Complaint): readonly Action[] {
	const isOnDemand = readSettings().trigger === 'manual';
	return advice[slowness].actions.filter((action) => action !== onDemand || !isOnDemand);
}

function rateText(tokensPerSecond: number | undefined): string {
	if (tokensPerSecond === undefined) return 'slowly';
	return `${tokensPerSecond < 10 ? Number(tokensPerSecond.toFixed(1)) : Math.round(tokensPerSecond)} tokens a second`;
}
