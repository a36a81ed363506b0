import { languageOf } from '../completion/language.ts';
import { invalid, isObject, type JsonObject } from './body.ts';
import { objectsIn, textIn } from './fields.ts';

/** Code that somebody wants to have continued. */
interface ChatCode {
	readonly prefix: string;
	readonly languageId: string;
}

/** The code that a chat is about: in the last message of the user its last fenced block, or else all of it. Our models talk to nobody. */
export function codeOfChat(body: JsonObject): ChatCode {
	return codeIn(lastOfUser(body));
}

function lastOfUser(body: JsonObject): string {
	const last = objectsIn(body, 'messages').findLast(({ role }) => role === 'user');
	if (!last) throw invalid('Send “messages”, a list with a message whose “role” is “user”.');
	const { content } = last;
	if (!Array.isArray(content)) return textIn(last, 'content');
	return content.flatMap((part) => (isObject(part) && typeof part['text'] === 'string' ? [part['text']] : [])).join('\n');
}

function codeIn(text: string): ChatCode {
	let block: { readonly language: string; readonly lines: string[] } | undefined;
	let isOpen = false;
	for (const line of text.split('\n')) {
		const [isFence, language = ''] = /^\s*```([\w+#-]*)/.exec(line) ?? [];
		if (isFence === undefined) {
			if (isOpen) block?.lines.push(line);
			continue;
		}
		isOpen = !isOpen;
		if (isOpen) block = { language, lines: [] };
	}
	return block ? { prefix: block.lines.join('\n'), languageId: languageNamed(block.language) } : { prefix: text, languageId: 'plaintext' };
}

/** `py` and `python` are the same. */
function languageNamed(name: string): string {
	const known = languageOf(`.${name}`);
	return known === 'plaintext' && name !== '' ? name.toLowerCase() : known;
}
