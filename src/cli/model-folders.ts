import { posix, win32 } from 'node:path';

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

function dataFolders(environment: { readonly [name: string]: string | undefined }, home: string, platform: NodeJS.Platform) {
	switch (platform) {
		case 'win32': {
			const programs = environment['APPDATA'] || win32.join(home, 'AppData', 'Roaming');
			return { own: environment['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local'), programs };
		}
		case 'darwin': {
			const programs = posix.join(home, 'Library', 'Application Support');
			return { own: programs, programs };
		}
		default: {
			const programs = environment['XDG_CONFIG_HOME'] || posix.join(home, '.config');
			return { own: environment['XDG_DATA_HOME'] || posix.join(home, '.local', 'share'), programs };
		}
	}
}
