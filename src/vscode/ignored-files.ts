import { Disposable, workspace } from 'vscode';
import type { Ignored } from '../context/ignored.ts';

/** Keeps what is known of ignored files up to date. */
export function watchIgnored(ignored: Ignored): Disposable {
	const forget = () => ignored.forget();
	const watcher = workspace.createFileSystemWatcher('**/{.co-cloneignore,.gitignore}');
	return Disposable.from(
		watcher,
		watcher.onDidCreate(forget),
		watcher.onDidChange(forget),
		watcher.onDidDelete(forget),
		workspace.onDidChangeWorkspaceFolders(forget),
		workspace.onDidChangeConfiguration((event) => {
			if (event.affectsConfiguration('files.exclude')) forget();
		}),
	);
}
