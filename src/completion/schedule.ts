/**
 * What the one request at the model is at: none, the model is being loaded, the prompt is being evaluated, text comes, or it was
 * cancelled and is not over yet.
 */
export type Phase = 'idle' | 'loading' | 'prefill' | 'decode' | 'closing';

/**
 * What happens, as the request at the model sees it.
 *
 * - `fits`: somebody asks for what it may still answer.
 * - `extends`: somebody asks with a prompt that begins with its prompt.
 * - `nearly`: somebody asks for something else, and its evaluation takes less than a second more.
 * - `differs`: somebody asks for something else.
 * - `abandoned`: nobody wants anything any more (Escape, another file, the cursor went away).
 */
export type Demand = 'fits' | 'extends' | 'nearly' | 'differs' | 'abandoned';

/** What is done about it. `wait` is until there is text, or the end, and then decides anew. */
export type Step = 'start' | 'wait' | 'cancel' | 'none';

/**
 * One request at a time, and never a wasted one. A load is for everybody and goes on. An evaluation is worth its time when the next
 * prompt extends it, and a server that cannot stop in its middle is not faster for being left. A diverged answer is worth nothing.
 */
const steps: Readonly<Record<Phase, Readonly<Record<Demand, Step>>>> = {
	idle: { fits: 'start', extends: 'start', nearly: 'start', differs: 'start', abandoned: 'none' },
	loading: { fits: 'wait', extends: 'wait', nearly: 'wait', differs: 'wait', abandoned: 'cancel' },
	prefill: { fits: 'wait', extends: 'wait', nearly: 'wait', differs: 'cancel', abandoned: 'cancel' },
	decode: { fits: 'wait', extends: 'cancel', nearly: 'cancel', differs: 'cancel', abandoned: 'cancel' },
	closing: { fits: 'wait', extends: 'wait', nearly: 'wait', differs: 'wait', abandoned: 'none' },
};

export function nextStep(phase: Phase, demand: Demand): Step {
	return steps[phase][demand];
}
