import type { Language } from '../language.ts';
import { cpp } from './cpp.ts';
import { csharp } from './csharp.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import { python } from './python.ts';
import { rust } from './rust.ts';
import { typescript } from './typescript.ts';

/** Languages whose signatures are understood. */
export const languages: readonly Language[] = [typescript, python, java, rust, cpp, go, csharp];

/** Whether a file is no code of these languages, and has to be known to understand that. */
export function isProjectFile(path: string, languageIds: ReadonlySet<string>): boolean {
	return languages.some(({ ids, projectFiles }) => projectFiles?.test(path) && ids.some((id) => languageIds.has(id)));
}

/** The language that VS Code calls so. */
export function languageFor(languageId: string): Language | undefined {
	return languages.find(({ ids }) => ids.includes(languageId));
}
