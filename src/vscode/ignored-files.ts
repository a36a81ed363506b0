import { Disposable, type TextEditor, window, workspace } from 'vscode';
import type { Ignored } from '../context/ignored.ts';

/** Keeps what is known of ignored files up to date, and known of what is shown before anybody types there. */
export function watchIgnored(ignored: Ignored, onNews: () => void): Disposable {
	ignored.onNews(onNews);
	const shown = (editor: TextEditor | undefined) => {
		if (editor) ignored.isListed(editor.document.uri.path);
	};
	const forget = () => {
		ignored.forget();
		shown(window.activeTextEditor);
	};
	const watcher = workspace.createFileSystemWatcher('**/{.co-cloneignore,.gitignore}');
	shown(window.activeTextEditor);
	return Disposable.from(
		watcher,
		watcher.onDidCreate(forget),
		watcher.onDidChange(forget),
		watcher.onDidDelete(forget),
		window.onDidChangeActiveTextEditor(shown),
		workspace.onDidChangeWorkspaceFolders(forget),
		workspace.onDidChangeConfiguration((event) => {
			if (event.affectsConfiguration('files.exclude')) forget();
		}),
	);
}
