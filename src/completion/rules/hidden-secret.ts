import type { Nothing } from '../completion.ts';

/** What stands for a secret, or as much of it as came. */
const hidden = /HIDDEN_S(?:ECRET|\w*$)/;

/** What stands for a secret is not what anybody wants to have written; an answer ends before the line that has it. */
export function withoutHiddenSecrets(text: string): string | Nothing {
	const found = hidden.exec(text);
	if (!found) return text;
	const kept = text.slice(0, Math.max(0, text.lastIndexOf('\n', found.index))).trimEnd();
	return kept === '' ? { reason: 'hidden-secret' } : kept;
}
