import { commands, env, window } from 'vscode';
import type { Nothing } from '../completion/completion.ts';
import { type Reason, reasons } from '../completion/reason.ts';

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
const getStarted: Action = { title: 'Get Started', command: 'co-clone.getStarted' };
const showLog: Action = { title: 'Show Log', command: 'co-clone.showLog' };

/** What the user can do about a reason; those that are not here need nothing done. */
const advice: Partial<Record<Reason, { readonly hint: string; readonly actions: readonly Action[] }>> = {
	unreachable: { hint: 'Start Ollama, or correct its address.', actions: [selectModel, openUrlSetting, showLog] },
	stalled: { hint: 'Restart it if it stays like this.', actions: [showLog] },
	'model-missing': { hint: 'Choose a model; what is not here is fetched.', actions: [selectModel, getStarted] },
	'no-infill': { hint: 'Choose a code model that can.', actions: [selectModel] },
	'bad-response': { hint: 'Check the address and the server’s own log.', actions: [openUrlSetting, showLog] },
	overloaded: { hint: 'It will be asked again in a while.', actions: [showLog] },
	'no-memory': { hint: 'Choose a smaller model, or close other programs.', actions: [selectModel] },
	'backing-off': { hint: '“Complete Here” asks at once.', actions: [{ title: 'Complete Here', command: 'co-clone.completeHere' }] },
	disabled: { hint: '', actions: [{ title: 'Turn On', command: 'co-clone.toggle' }] },
	'language-off': { hint: '', actions: [{ title: 'Turn On', command: 'co-clone.toggleLanguage' }] },
	'manual-only': { hint: '', actions: [{ title: 'Complete Here', command: 'co-clone.completeHere' }] },
	snoozed: { hint: '', actions: [{ title: 'End Snooze', command: 'co-clone.snooze', argument: 0 }] },
	untrusted: { hint: '', actions: [{ title: 'Manage Trust', command: 'workbench.trust.manage' }] },
	bug: { hint: '', actions: [showLog] },
};

/** The reason as a sentence, with what happened and what to do. */
export function explain({ reason, detail }: Nothing): string {
	return [reasons[reason], detail, advice[reason]?.hint, whoseLocalhost(detail)].filter(Boolean).join(' ');
}

/** People who sit at one machine and work on another may think of the wrong one. */
function whoseLocalhost(detail: string | undefined): string | undefined {
	const [localhost] = /\blocalhost\b|\b127\.0\.0\.1\b/.exec(detail ?? '') ?? [];
	return env.remoteName && localhost && `Here ${localhost} is the remote machine, not the one you sit at.`;
}

export function actionsFor(reason: Reason): readonly Action[] {
	return advice[reason]?.actions ?? [];
}

/** Shows a message with buttons and does what is chosen. */
export async function showWithActions(message: string, actions: readonly Action[], isWarning = false): Promise<void> {
	const show = isWarning ? window.showWarningMessage : window.showInformationMessage;
	const chosen = await show(message, ...actions.map(({ title }) => title));
	const action = actions.find(({ title }) => title === chosen);
	if (action) await commands.executeCommand(action.command, ...(action.argument === undefined ? [] : [action.argument]));
}
