import type { LanguageModel } from '../../src/model/language-model.ts';
import { type Clock, VirtualClock, WallClock } from '../clock.ts';
import { Editor } from '../editor/editor.ts';
import type { Policy } from '../policies/policy.ts';
import type { foresee } from '../server/foresight.ts';
import type { Oracle } from '../server/oracle.ts';
import { Places } from '../server/places.ts';
import type { Profile } from '../server/profile.ts';
import { type Served, SimulatedServer } from '../server/server.ts';
import { SimulatedModel, template } from '../server/simulated-model.ts';
import type { Tokenizer } from '../server/tokenizer.ts';
import { isKey, type Trace } from '../traces/trace.ts';
import { type Figures, Meter } from './meter.ts';
import { mirrored } from './mirror.ts';
import { Witness } from './witness.ts';

export interface Session {
	readonly trace: Trace;
	readonly policy: Policy;
	readonly tokenizer: Tokenizer;
}

interface Simulation extends Session {
	readonly stays: ReturnType<typeof foresee>;
	readonly oracle: Oracle;
	readonly profile: Profile;
	/** The same again and again, by somebody who never closes the editor. */
	readonly rounds?: number;
	/** Called with the number of every event in the trace, when it is over. */
	readonly passed?: (index: number) => void;
}

/** After the last event there is time for what is still under way, in milliseconds. */
const afterwards = 10_000;
/** Without a request for this long, a server has nothing more to do. Nobody waits for that longer than this. */
const quietMs = 1000;
const longestQuietMs = 60_000;

/** Plays a trace in virtual time, on a simulated server. */
export async function simulate(simulation: Simulation): Promise<Figures> {
	const { trace, stays, oracle, profile, policy, tokenizer, rounds = 1, passed } = simulation;
	const clock = new VirtualClock();
	const server = new SimulatedServer(profile, tokenizer, policy.server);
	const places = new Places();
	const witness = new Witness();
	const answer = (prompt: string, start: string, maxTokens: number) => places.answer(prompt, start, maxTokens, oracle);
	const simulated = new SimulatedModel(server, clock, policy.server.canConstrain, answer);
	const model = witness.listenTo(simulated, template);
	const meter = new Meter(
		() => clock.now(),
		(suggested) => witness.fits(suggested),
	);
	const extension = policy.start({ model, clock, tokenizer, template });
	try {
		const placed = (index: number, text: string, cursor: number) => {
			witness.placed(text, cursor);
			const stay = stays[index];
			if (stay) places.push(text, cursor, stay);
		};
		for (let round = 0; round < rounds; round++) await play(trace, clock, meter, placed, passed);
		return meter.figures(server.served);
	} finally {
		extension.dispose();
		clock.close();
	}
}

/** Plays a trace as fast as it was typed, on a real server. */
export async function perform({ trace, policy, tokenizer }: Session, real: LanguageModel): Promise<Figures> {
	const { template } = await real.facts(new AbortController().signal);
	const clock = new WallClock();
	const served: Served[] = [];
	const witness = new Witness();
	const model = witness.listenTo(mirrored(real, tokenizer, served), template);
	const meter = new Meter(
		() => clock.now(),
		(suggested) => witness.fits(suggested),
	);
	const extension = policy.start({ model, clock, tokenizer, template });
	try {
		await play(trace, clock, meter, (_, text, cursor) => witness.placed(text, cursor));
		return meter.figures(served);
	} finally {
		extension.dispose();
		await quiet(served);
	}
}

/** Nobody who comes next should have to wait for what somebody else has left behind. */
async function quiet(served: readonly Served[]): Promise<void> {
	const clock = new WallClock();
	for (let quietSince = 0; clock.now() - quietSince < quietMs && clock.now() < longestQuietMs; await clock.advanceTo(clock.now() + 100))
		if (served.some(({ end }) => end === undefined)) quietSince = clock.now();
}

/** Does in the editor what was done in the trace. `placed` is called whenever the text or the cursor has changed, before extensions are told. */
export async function play(
	{ events }: Trace,
	clock: Clock,
	meter: Meter,
	placed: (index: number, text: string, cursor: number) => void,
	passed?: (index: number) => void,
): Promise<void> {
	let current = 0;
	const begunAt = clock.now();
	const pause = () => clock.advanceTo(clock.now());
	const editor = new Editor(meter, pause, (text, cursor) => placed(current, text, cursor));
	for (const [index, event] of events.entries()) {
		await clock.advanceTo(begunAt + event.at);
		current = index;
		if (event.kind === 'open') editor.open(event.path, event.text);
		else if (event.kind === 'show') editor.show(event.path);
		else if (event.kind === 'move') {
			if (!editor.isAt(event)) meter.next();
			editor.move(event);
		} else {
			meter.next();
			const isSeen = editor.isActive(event.path);
			const edited = editor.edit(event);
			if (isSeen && isKey(event)) meter.key(editor.visible);
			await edited;
		}
		passed?.(index);
	}
	await clock.advanceTo(clock.now() + afterwards);
	meter.next();
	editor.close();
}
