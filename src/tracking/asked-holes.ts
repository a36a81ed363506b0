import { posix } from 'node:path';
import { judge } from '../holes/judge.ts';
import { type HoleQuestion, questionFor } from '../holes/question.ts';
import type { HoleSite, Verdict } from '../holes/site.ts';
import { type PlannedHoles, siteOf } from '../holes/sites.ts';
import type { SourceFile } from '../signature/project.ts';
import { fingerprint } from './fingerprint.ts';
import type { Planned } from './planning.ts';
import type { TrackingOrder, TrackingReport } from './wire.ts';

/** What is known of the files of plans. */
interface Sources {
	/** As it is now. */
	readonly current: (path: string) => Omit<SourceFile, 'path'> | undefined;
	readonly parser: PlannedHoles['parse'];
	readonly mayShow: (path: string) => boolean;
}

const noParser = { refusal: 'Nobody can check a value in this language.' };
const changed = { refusal: 'The file was changed meanwhile.' };

/** The holes that a model is being asked about. The model is elsewhere: questions go out from here, and what it says is judged here. */
export class AskedHoles {
	readonly #sources: Sources;
	#sites: ReadonlyMap<number, HoleSite> = new Map();
	#request = -1;

	constructor(sources: Sources) {
		this.#sources = sources;
	}

	/** Of several requests only the latest one is under way. */
	ask({ request, holes }: Extract<TrackingOrder, { kind: 'ask' }>, plans: readonly Planned[]): TrackingReport {
		const questions: HoleQuestion[] = [];
		const refused: { readonly hole: number; readonly verdict: Verdict }[] = [];
		const sites = new Map<number, HoleSite>();
		for (const hole of holes) {
			const plan = plans.find((one) => one.holes.some(({ id }) => id === hole));
			const site = plan && siteOf(hole, this.#holesOf(plan));
			const parse = site && this.#sources.parser(site.file.languageId);
			const question = site && parse ? questionFor(site, parse) : site ? noParser : changed;
			if (site) sites.set(hole, site);
			if ('refusal' in question) refused.push({ hole, verdict: question });
			else questions.push(question);
		}
		this.#sites = sites;
		this.#request = request;
		return { kind: 'questions', request, questions, refused };
	}

	judge({ request, hole, text }: Extract<TrackingOrder, { kind: 'judge' }>): TrackingReport {
		const site = request === this.#request ? this.#sites.get(hole) : undefined;
		const parse = site && this.#sources.parser(site.file.languageId);
		const verdict = site && parse ? judge(site, text, parse) : changed;
		return { kind: 'judged', request, hole, verdict };
	}

	#holesOf({ root, sources: { changes, dependents }, holes, fingerprints }: Planned): PlannedHoles {
		const absolute = (path: string) => posix.join(root, path);
		return {
			changes,
			dependents,
			holes: new Map(holes.map((hole) => [hole.id, hole])),
			fileAt: (path) => {
				const file = this.#sources.current(absolute(path));
				const expected = fingerprints.get(absolute(path));
				const isSame = file && (expected === undefined || fingerprint(file.text) === expected);
				return isSame ? { path, languageId: file.languageId, text: file.text } : undefined;
			},
			parse: this.#sources.parser,
			mayShow: (path) => this.#sources.mayShow(absolute(path)),
		};
	}
}
