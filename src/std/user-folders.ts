import { posix, win32 } from 'node:path';

/** Where programs keep data by the customs of the system: a folder for such as ours, and the one in which editors keep theirs. */
export function dataFolders(environment: { readonly [name: string]: string | undefined }, home: string, platform: NodeJS.Platform) {
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
