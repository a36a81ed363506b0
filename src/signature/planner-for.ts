import type { Following } from './cascade.ts';
import type { SignatureChange } from './diff.ts';
import { heirsOf } from './heirs.ts';
import { type Plan, Planner, type Wisdom } from './plan.ts';
import type { Project } from './project.ts';

/** With more than that nobody wants to know. */
const mostFollowing = 200;

/**
 * A planner for some changes and for all that follow from them: what calls a function that is asynchronous now has to be so as well, and
 * so has what calls that.
 */
export async function plannerFor(
	changes: readonly SignatureChange[],
	project: Project,
	wisdom: Wisdom = {},
	breathe: () => Promise<void> = async () => {},
): Promise<Planner> {
	const all = changes.map((change, of): Following => ({ change, of }));
	const heirs = all.flatMap(({ change, of }) => heirsOf(change, project).map((heir): Following => ({ change: heir, of })));
	all.push(...heirs.filter(({ change: heir }) => !changes.some(({ path, after }) => path === heir.path && after.name === heir.after.name)));
	const known = new Set(all.map(keyOf));
	for (let done = 0; done < all.length && all.length < mostFollowing; ) {
		const level = all.slice(done).filter(({ change }) => spreads(change));
		done = all.length;
		if (level.length === 0) break;
		const scout = newPlanner(level, project, wisdom);
		for (const file of scout.files) {
			await breathe();
			for (const found of scout.followersIn(file)) {
				if (!known.has(keyOf(found))) all.push(found);
				known.add(keyOf(found));
			}
		}
	}
	return newPlanner(all, project, wisdom);
}

/** Whether callers have to become something as well. A result may be a promise without the word for it. */
function spreads({ operations, before, after }: SignatureChange): boolean {
	const isPromise = (returns: string | undefined) => /^(?:Promise(?:Like)?<|(?:Value)?Task\b)/.test(returns ?? '');
	return operations.some(({ kind }) => kind === 'async' || kind === 'throws') || isPromise(before.returns) !== isPromise(after.returns);
}

function newPlanner(all: readonly Following[], project: Project, wisdom: Wisdom): Planner {
	return new Planner(
		all.map(({ change }) => change),
		project,
		wisdom,
		all.map(({ of }) => of),
	);
}

function keyOf({ change: { path, after }, of }: Following): string {
	return `${of} ${path} ${after.container ?? ''} ${after.name} ${after.range.start}`;
}

/** All at once, for who does not wait for anything else. */
export async function planFor(changes: readonly SignatureChange[], project: Project): Promise<Plan> {
	const planner = await plannerFor(changes, project);
	const dependents = planner.files.flatMap((file) => planner.dependentsIn(file));
	return { changes, dependents, holes: planner.holes };
}
