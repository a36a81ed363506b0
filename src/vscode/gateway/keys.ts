import { type SecretStorage, window } from 'vscode';
import type { Keys } from '../../gateway/access/keys.ts';

/** In the editor's own storage for secrets. */
const secret = 'gatewayKey';

/** The key for programs that are told one by hand: the same each time, until somebody takes it back. */
export async function copyKey(keys: Keys, secrets: SecretStorage): Promise<string> {
	const kept = await secrets.get(secret);
	if (kept !== undefined && keys.find(kept)) return kept;
	const { text } = keys.create('copied in VS Code');
	await secrets.store(secret, text);
	return text;
}

/** Shows the keys that there are, to take one back. */
export async function chooseKey(keys: Keys): Promise<void> {
	const all = keys.list().map((key) => ({ label: key.name, description: `since ${key.created.slice(0, 10)}`, detail: key.id, key }));
	if (all.length === 0) return void window.showInformationMessage('Co-Clone: no program has a key to the gateway.');
	const chosen = await window.showQuickPick(all, { title: 'Keys to the Gateway', placeHolder: 'Choose one to take it back' });
	if (!chosen) return;
	const question = `Take the key of “${chosen.label}” back? It ends at once, wherever it is used.`;
	if ((await window.showWarningMessage(question, { modal: true }, 'Take Back')) === 'Take Back') keys.revoke(chosen.key.id);
}
