import { posix, win32 } from 'node:path';
import { dataFolders } from '../std/user-folders.ts';

/** The folders in which editors keep what is a user's own, below the one for programs' data. */
const editors = ['Code', 'Code - Insiders', 'VSCodium', 'Cursor', 'Windsurf'];
/** The folders of VS Code's servers, below the home of the user they run as: Remote SSH, WSL and containers. */
const servers = ['.vscode-server', '.vscode-server-insiders', '.vscode-remote', '.vscodium-server'];

/**
 * Where the files of models may be: first a folder of our own by the customs of the system, then where the extension keeps them in the
 * editors and servers that people have.
 */
export function modelFolders(
	environment: { readonly [name: string]: string | undefined },
	home: string,
	platform: NodeJS.Platform,
): readonly string[] {
	const { join } = platform === 'win32' ? win32 : posix;
	const { own, programs } = dataFolders(environment, home, platform);
	const profiles = [
		...editors.map((editor) => join(programs, editor)),
		...servers.map((server) => join(home, server, 'data')),
		join(own, 'code-server'),
	];
	return [
		join(own, 'co-clone', 'models'),
		...profiles.map((profile) => join(profile, 'User', 'globalStorage', 'co-clone.co-clone', 'models')),
	];
}
