import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { cpp } from '@codemirror/lang-cpp';
import { go } from '@codemirror/lang-go';
import { java } from '@codemirror/lang-java';
import { javascript } from '@codemirror/lang-javascript';
import { python } from '@codemirror/lang-python';
import { rust } from '@codemirror/lang-rust';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { searchKeymap } from '@codemirror/search';
import { EditorState, type Extension, Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { languageOf } from '../completion/language.ts';
import type { Asking } from './asking.ts';
import { acceptGhost, ghostText, nextWord } from './ghost.ts';

const languages: Readonly<Record<string, () => Extension>> = {
	typescript: () => javascript({ typescript: true }),
	typescriptreact: () => javascript({ typescript: true, jsx: true }),
	javascript: () => javascript(),
	javascriptreact: () => javascript({ jsx: true }),
	python: () => python(),
	java: () => java(),
	go: () => go(),
	rust: () => rust(),
	c: () => cpp(),
	cpp: () => cpp(),
	csharp: () => java(),
};

/** What one file is edited with. */
export function stateOf(path: string, text: string, asking: Asking, onChange: () => void): EditorState {
	const languageId = languageOf(path);
	const nonce = document.querySelector('meta[name="style-nonce"]')?.getAttribute('content') ?? '';
	return EditorState.create({
		doc: text,
		extensions: [
			EditorView.cspNonce.of(nonce),
			EditorView.contentAttributes.of({ 'aria-label': `Text of ${path}`, 'aria-describedby': 'keys', spellcheck: 'false' }),
			Prec.highest(
				keymap.of([
					{ key: 'Tab', run: (view) => acceptGhost(view) },
					{ key: 'Ctrl-ArrowRight', mac: 'Cmd-ArrowRight', run: (view) => acceptGhost(view, nextWord) },
					{ key: 'Escape', run: (view) => asking.dismissIn(view, true) },
					{ key: 'Alt-\\', run: (view) => asking.askHere(view) },
				]),
			),
			ghostText,
			asking.extension,
			EditorView.updateListener.of(({ docChanged }) => docChanged && onChange()),
			lineNumbers(),
			history(),
			// Whoever wants nothing to move has a cursor that does not blink.
			drawSelection(matchMedia('(prefers-reduced-motion: reduce)').matches ? { cursorBlinkRate: 0 } : {}),
			highlightActiveLine(),
			bracketMatching(),
			closeBrackets(),
			indentOnInput(),
			indentUnit.of(/^\t/m.test(text) || /^(go|typescript|javascript)/.test(languageId) ? '\t' : '    '),
			EditorState.tabSize.of(4),
			autocompletion({ activateOnTyping: false }),
			syntaxHighlighting(classHighlighter),
			languages[languageId]?.() ?? [],
			keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, indentWithTab]),
		],
	});
}
