import { commands, type QuickPickItem, window } from 'vscode';
import { minutes, type Snooze } from './snooze.ts';

/** In minutes. */
const choices = [5, 15, 30, 60, 120];

/** “Snooze”: asks for how long, unless a key binding or a button says it (`0` ends it). */
export async function chooseSnooze(snooze: Snooze, said: unknown): Promise<void> {
	const forMinutes = typeof said === 'number' && said >= 0 ? said : await ask(snooze.minutesLeft);
	if (forMinutes === 0) snooze.end();
	else if (forMinutes !== undefined) {
		snooze.start(forMinutes);
		await commands.executeCommand('editor.action.inlineSuggest.hide');
	}
}

async function ask(left: number): Promise<number | undefined> {
	const entries: (QuickPickItem & { readonly forMinutes: number })[] = [
		...(left > 0 ? [{ label: '$(bell) End Snooze', description: `${minutes(left)} left`, forMinutes: 0 }] : []),
		...choices.map((forMinutes) => ({ label: `$(bell-slash) ${minutes(forMinutes)}`, forMinutes })),
	];
	const chosen = await window.showQuickPick(entries, { title: 'Co-Clone: no suggestions while typing for' });
	return chosen?.forMinutes;
}
