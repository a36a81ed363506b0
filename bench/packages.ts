import { existsSync } from 'node:fs';
import { join } from 'node:path';

const manifests = ['package.json', 'go.mod', 'pyproject.toml', 'setup.py', 'Cargo.toml', 'pom.xml', 'build.gradle', 'Gemfile', '.git'];

/** The package that a file of a folder belongs to: the folder itself where it is one, else the folder right in it; both as paths from it. */
export function packagesOf(folder: string): (path: string) => string {
	const isPackage = manifests.some((name) => existsSync(join(folder, name)));
	return (path) => (isPackage ? '' : path.slice(0, Math.max(0, path.indexOf('/'))));
}
