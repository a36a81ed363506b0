import { type Clock, VirtualClock } from '../clock.ts';
import { Editor } from '../editor/editor.ts';
import type { Policy } from '../policies/policy.ts';
import type { foresee } from '../server/foresight.ts';
import type { Oracle } from '../server/oracle.ts';
import { Places } from '../server/places.ts';
import type { Profile } from '../server/profile.ts';
import { SimulatedServer } from '../server/server.ts';
import { SimulatedModel } from '../server/simulated-model.ts';
import type { Tokenizer } from '../server/tokenizer.ts';
import { isKey, type Trace } from '../traces/trace.ts';
import { type Figures, Meter } from './meter.ts';

export interface Session {
	readonly trace: Trace;
	readonly stays: ReturnType<typeof foresee>;
	readonly oracle: Oracle;
	readonly profile: Profile;
	readonly policy: Policy;
	readonly tokenizer: Tokenizer;
}

/** After the last event there is time for what is still under way, in milliseconds. */
const afterwards = 10_000;

/** Plays a trace in virtual time. */
export async function simulate({ trace, stays, oracle, profile, policy, tokenizer }: Session): Promise<Figures> {
	const clock = new VirtualClock();
	const server = new SimulatedServer(profile, tokenizer, policy.server);
	const places = new Places();
	const model = new SimulatedModel(server, clock, policy.server.canConstrain, (prompt, start) => places.answer(prompt, start, oracle));
	const meter = new Meter(
		() => clock.now(),
		(text, replaces) => places.fits(text, replaces),
	);
	const extension = policy.start({ model, clock, tokenizer });
	try {
		await play(trace, clock, meter, (index, text, cursor) => {
			const stay = stays[index];
			if (stay) places.push(text, cursor, stay);
		});
		return meter.figures(server.served);
	} finally {
		extension.dispose();
		clock.close();
	}
}

/** Does in the editor what was done in the trace. `placed` is called whenever the text or the cursor has changed, before extensions are told. */
export async function play(
	{ events }: Trace,
	clock: Clock,
	meter: Meter,
	placed: (index: number, text: string, cursor: number) => void,
): Promise<void> {
	let current = 0;
	const pause = () => clock.advanceTo(clock.now());
	const editor = new Editor(meter, pause, (text, cursor) => placed(current, text, cursor));
	for (const [index, event] of events.entries()) {
		await clock.advanceTo(event.at);
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
	}
	await clock.advanceTo(clock.now() + afterwards);
	meter.next();
}
