import { commands, env, type LogOutputChannel, window } from 'vscode';
import type { Nothing } from '../completion/completion.ts';
import { failure } from '../completion/failure.ts';
import { type Reason, reasons } from '../completion/reason.ts';
import type { Absence } from '../model/stand-in.ts';

/** Something the user can do, as a button. */
export interface Action {
	readonly title: string;
	readonly command: string;
	readonly argument?: string | number;
}

const openUrlSetting: Action = { title: 'Open Setting', command: 'workbench.action.openSettings', argument: 'co-clone.ollamaUrl' };
/** For when the editor itself shows no suggestions. */
export const editorSetting: Action = {
	title: 'Open Setting',
	command: 'workbench.action.openSettings',
	argument: 'editor.inlineSuggest.enabled',
};
const selectModel: Action = { title: 'Select Model', command: 'co-clone.selectModel' };
const signIn: Action = { title: 'Sign In…', command: 'co-clone.signIn' };
const allowHost: Action = { title: 'Allow…', command: 'co-clone.allowHost' };
const getStarted: Action = { title: 'Get Started', command: 'co-clone.getStarted' };
const showLog: Action = { title: 'Show Log', command: 'co-clone.showLog' };

export const completeHere: Action = { title: 'Complete Here', command: 'co-clone.completeHere' };
const openSetting = (argument: string): Action => ({ title: 'Open Setting', command: 'workbench.action.openSettings', argument });

/** What the user can do about a reason. */
const advice: Readonly<Record<Reason, { readonly hint: string; readonly actions: readonly Action[] }>> = {
	disabled: { hint: 'Turn it on to have suggestions.', actions: [{ title: 'Turn On', command: 'co-clone.toggle' }] },
	'language-off': {
		hint: 'Turn it on for the language to have suggestions.',
		actions: [{ title: 'Turn On', command: 'co-clone.toggleLanguage' }],
	},
	'manual-only': { hint: '“Complete Here” asks for one.', actions: [completeHere] },
	snoozed: { hint: 'It ends by itself, or when you end it.', actions: [{ title: 'End Snooze', command: 'co-clone.snooze', argument: 0 }] },
	'on-battery': { hint: 'Plug the machine in, or turn that setting off.', actions: [openSetting('co-clone.pauseOnBattery'), completeHere] },
	untrusted: { hint: 'Trust it to have suggestions.', actions: [{ title: 'Manage Trust', command: 'workbench.trust.manage' }] },
	'secret-file': { hint: 'If it holds none, give it another name.', actions: [] },
	'ignored-file': { hint: 'Nothing of it is sent to a model. Take it out of there to have suggestions.', actions: [] },
	'rules-unread': { hint: 'The disk has not answered. Until it does nothing is sent; then a suggestion comes by itself.', actions: [] },
	'in-secret': { hint: 'Nothing is sent from here; suggestions come again outside of it.', actions: [] },
	'not-editable': { hint: 'Suggestions come where you can type.', actions: [] },
	selection: { hint: 'Press an arrow key to leave the selection.', actions: [] },
	'several-cursors': { hint: 'Press Escape to go on with one.', actions: [] },
	'long-line': { hint: 'Break it, if it is code.', actions: [] },
	'in-comment': { hint: 'Turn that setting on, or ask on demand.', actions: [openSetting('co-clone.comments'), completeHere] },
	'nothing-before-cursor': { hint: 'Begin with something, or ask on demand.', actions: [completeHere] },
	'backing-off': { hint: '“Complete Here” asks at once.', actions: [completeHere] },
	superseded: { hint: 'Wait a moment, or ask on demand.', actions: [completeHere] },
	cancelled: { hint: 'Type on, or ask on demand.', actions: [completeHere] },
	'model-silent': { hint: 'Type on, or ask on demand, which asks for more.', actions: [completeHere] },
	'does-not-fit': { hint: 'Type on: at the next word it is asked anew.', actions: [] },
	'already-there': { hint: 'Type how it is to go on.', actions: [] },
	'just-deleted': { hint: 'Type how it is to go on instead; undo brings back what was deleted.', actions: [] },
	rejected: { hint: 'Ask on demand to have it all the same.', actions: [completeHere] },
	'hidden-secret': { hint: 'Write that line yourself, or have the secret read from the environment.', actions: [] },
	repetitive: { hint: 'Type how it is to go on; small models go in circles where little tells them what to do.', actions: [selectModel] },
	unreachable: { hint: 'Start Ollama, or correct its address.', actions: [selectModel, openUrlSetting, showLog] },
	stalled: { hint: 'Restart it if it stays like this.', actions: [showLog] },
	'model-missing': { hint: 'Choose a model; what is not here is fetched.', actions: [selectModel, getStarted] },
	'no-infill': { hint: 'Choose a code model that can.', actions: [selectModel] },
	overloaded: { hint: 'It will be asked again in a while.', actions: [showLog] },
	'no-memory': { hint: 'Choose a smaller model, or close other programs.', actions: [selectModel] },
	'not-allowed': { hint: 'Allow it, or choose a model on this machine.', actions: [allowHost, selectModel] },
	'signed-out': { hint: 'Sign in there, or choose another model.', actions: [signIn, selectModel] },
	'bad-response': { hint: 'Check the address and the server’s own log.', actions: [openUrlSetting, showLog] },
	bug: { hint: 'Please report it with what the log says.', actions: [showLog] },
};

/** The reason as a sentence, with what happened and what to do. */
export function explain({ reason, detail }: Nothing): string {
	return [reasons[reason], detail, advice[reason].hint, whoseLocalhost(detail)].filter(Boolean).join(' ');
}

/** Who completes while the chosen server is away. */
export function explainAbsence({ why, facts }: Absence): string {
	return `${why.message} Until it is back ${facts.name} completes, on this machine.`;
}

/** People who sit at one machine and work on another may think of the wrong one. */
function whoseLocalhost(detail: string | undefined): string | undefined {
	const [localhost] = /\blocalhost\b|\b127\.0\.0\.1\b/.exec(detail ?? '') ?? [];
	return env.remoteName && localhost && `Here ${localhost} is the remote machine, not the one you sit at.`;
}

export function actionsFor(reason: Reason): readonly Action[] {
	return advice[reason].actions;
}

/** Says why a model failed that somebody asked, and what can be done. */
export function showFailure(error: unknown, log: LogOutputChannel): void {
	const nothing = failure(error);
	log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
	void showWithActions(`Co-Clone: ${explain(nothing)}`, actionsFor(nothing.reason), true);
}

/** Shows a message with buttons and does what is chosen. */
export async function showWithActions(message: string, actions: readonly Action[], isWarning = false): Promise<void> {
	const show = isWarning ? window.showWarningMessage : window.showInformationMessage;
	const chosen = await show(message, ...actions.map(({ title }) => title));
	const action = actions.find(({ title }) => title === chosen);
	if (action) await commands.executeCommand(action.command, ...(action.argument === undefined ? [] : [action.argument]));
}
