import { setTimeout as delay } from 'node:timers/promises';
import {
	ConfigurationTarget,
	commands,
	extensions,
	languages,
	Position,
	Selection,
	type TextEditor,
	type Uri,
	window,
	workspace,
} from 'vscode';
import { FakeOllama, type Script } from '../fake-ollama.ts';

/** A scripted model server that Co-Clone in this window talks to. */
export async function serve(script: Partial<Script> = {}): Promise<FakeOllama> {
	await extensions.getExtension('co-clone.co-clone')?.activate();
	const fake = await FakeOllama.start(script);
	await set('ollamaUrl', fake.url);
	return fake;
}

export async function set(name: string, value: unknown, section = 'co-clone'): Promise<void> {
	const configuration = workspace.getConfiguration(section);
	// The editor takes its time to write what is there already.
	if (configuration.inspect(name)?.globalValue !== value) await configuration.update(name, value, ConfigurationTarget.Global);
}

/** Shows a document with the cursor at the `|` of a picture. */
export async function show(picture: string, where: Uri | { language: string } = { language: 'typescript' }): Promise<TextEditor> {
	const content = picture.replace('|', '');
	const document = 'language' in where ? await workspace.openTextDocument({ ...where, content }) : await workspace.openTextDocument(where);
	const editor = await window.showTextDocument(document);
	const cursor = document.positionAt(picture.indexOf('|'));
	editor.selection = new Selection(cursor, cursor);
	// The cursor's own events must not be taken for those of what is typed next.
	await delay(50);
	return editor;
}

/** Types like a person who is quick. */
export async function type(text: string, intervalMs = 20): Promise<void> {
	for (const key of text) {
		await commands.executeCommand('type', { text: key });
		await delay(intervalMs);
	}
}

/**
 * Types until the editor has asked for a suggestion and was given it, after `isAnswered`. It asks when it gets to it, which on a busy machine is
 * long after the model was asked, and shows what it is given a moment later.
 */
export async function typeUntilShown(text: string, isAnswered: () => boolean): Promise<void> {
	let isAsked = false;
	const provideInlineCompletionItems = () => {
		isAsked = true;
		return [];
	};
	const witness = languages.registerInlineCompletionItemProvider('*', { provideInlineCompletionItems });
	try {
		await type(text);
		await until(() => isAsked && isAnswered(), 'the question of the editor, and the answer');
		await delay(300);
	} finally {
		witness.dispose();
	}
}

/** Presses a key; resolves to when the document had changed, as `performance.now()` says. */
export async function press(key: string): Promise<number> {
	let changedAt = Number.NaN;
	const listener = workspace.onDidChangeTextDocument(() => {
		changedAt = performance.now();
	});
	await commands.executeCommand('type', { text: key });
	await until(() => !Number.isNaN(changedAt), 'the change event');
	listener.dispose();
	return changedAt;
}

/** The document as a picture. */
export function pictureOf({ document, selection }: TextEditor): string {
	const text = document.getText().replaceAll('\r\n', '\n');
	const before = document.getText(new Selection(new Position(0, 0), selection.active)).replaceAll('\r\n', '\n');
	return `${before}|${text.slice(before.length)}`;
}

/** Accepts the ghost text as soon as the editor shows it; only what is shown can be accepted. */
export async function accepted(editor: TextEditor, patienceMs = 30_000): Promise<string> {
	const before = editor.document.version;
	await until(
		async () => {
			await commands.executeCommand('editor.action.inlineSuggest.commit');
			return editor.document.version !== before;
		},
		`ghost text to accept in ${pictureOf(editor)}`,
		patienceMs,
	);
	await delay(20);
	return pictureOf(editor);
}

/** Whether nothing comes to be accepted. */
export async function showsNothing(editor: TextEditor, forMs = 400): Promise<boolean> {
	const { version } = editor.document;
	await delay(forMs);
	await commands.executeCommand('editor.action.inlineSuggest.commit');
	await delay(20);
	return editor.document.version === version;
}

/** The end of a command that has something to choose from or to say, with nothing chosen. What it shows late takes the keys of the next test. */
export async function dismissed(command: Thenable<unknown>): Promise<void> {
	let isOver = false;
	void command.then(() => {
		isOver = true;
	});
	await until(async () => {
		await commands.executeCommand('workbench.action.closeQuickOpen');
		await commands.executeCommand('notifications.clearAll');
		return isOver;
	}, 'the end of a command');
}

/** Says nothing about speed: a busy machine may take its time. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, patienceMs = 30_000): Promise<void> {
	for (const started = performance.now(); performance.now() - started < patienceMs; await delay(10)) {
		if (await holds()) return;
	}
	throw new Error(`Waited ${patienceMs} ms in vain for ${what}.`);
}

const settings = [
	'enabled',
	'trigger',
	'languages',
	'comments',
	'eagerness',
	'pauseOnBattery',
	'model',
	'ollamaUrl',
	'imports',
	'gateway',
	'gatewayPort',
];

/** Closes everything and puts all settings back. */
export async function cleanUp(): Promise<void> {
	await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
	for (const name of settings) await set(name, undefined);
	await commands.executeCommand('workbench.action.closeAllEditors');
}
