import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { planned, valuesFor } from '../signature-plan.ts';

interface Case {
	readonly id: string;
	readonly lang: keyof typeof wraps;
	readonly title: string;
	readonly before: string;
	readonly after: string;
	readonly call: string;
	readonly expect: string;
	readonly mode: 'D' | 'C' | 'L' | 'W';
	/** What a checker says of the old call under the new declaration. */
	readonly stale: 'ok' | 'err' | 'silent';
}

/** A file around a declaration and a call, as each language wants it. */
const wraps = {
	ts: { languageId: 'typescript', path: 'case.ts', file: (declaration: string, call: string) => `${declaration}\n${call}\n` },
	py: { languageId: 'python', path: 'case.py', file: (declaration: string, call: string) => `${declaration}\n${call}\n` },
	java: {
		languageId: 'java',
		path: 'M.java',
		file: (declaration: string, call: string) => `class M {\n${declaration}\nstatic void main(String[] args) {\n${call}\n}\n}\n`,
	},
	rust: { languageId: 'rust', path: 'main.rs', file: (declaration: string, call: string) => `${declaration}\nfn main() {\n${call}\n}\n` },
	cpp: { languageId: 'cpp', path: 'case.cpp', file: (declaration: string, call: string) => `${declaration}\nint main() {\n${call}\n}\n` },
} as const;

const folder = resolve('../shared/data/signatures/cases.json');

describe('cases checked by compilers', () => {
	if (!existsSync(folder)) console.log(`      There is no ${folder}: these cases are not tested.`);
	const cases: readonly Case[] = existsSync(folder) ? JSON.parse(readFileSync(folder, 'utf8')).cases : [];
	for (const { id, lang, title, before, after, call, expect, mode, stale } of cases) {
		it(`${id} ${title}`, async () => {
			const { languageId, path, file } = wraps[lang];
			const plan = await planned([{ path, languageId, before: file(before, call), after: file(after, call) }]);
			const text = plan.texts.get(path) ?? '';
			assert.equal(plan.class, mode);
			// Nothing has to be edited where we only warn.
			const wanted = file(after, mode === 'W' ? call : expect);
			assert.ok(valuesFor(text, wanted), `${text}\nis not\n${wanted}`);
			const toDo = plan.dependents.filter(({ edits, class: sure }) => edits.length > 0 || sure === 'W');
			if (stale !== 'ok')
				assert.equal(
					toDo.every(({ isSilent = false }) => isSilent),
					stale === 'silent',
				);
		});
	}
});
