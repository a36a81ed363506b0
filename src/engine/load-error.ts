import { ModelError, type ModelErrorCode } from '../model/model-error.ts';

/** What llama.cpp, or the system, says when a file cannot be loaded, and what it means. The first match counts. */
const meanings: readonly { readonly said: RegExp; readonly code: ModelErrorCode; readonly meaning: (found: string) => string }[] = [
	{ said: /ENOENT/, code: 'model-missing', meaning: () => 'is not there' },
	{ said: /EACCES|EPERM/, code: 'bad-response', meaning: () => 'may not be read (no permission)' },
	{ said: /EISDIR/, code: 'bad-response', meaning: () => 'is a folder, not a model' },
	{
		said: /insufficient|out of memory|bad_alloc|allocate|not enough|too large for the available|resource temporarily unavailable/i,
		code: 'no-memory',
		meaning: () => 'could not be loaded: the system has no more memory for it',
	},
	{ said: /invalid gguf magic|invalid magic/i, code: 'bad-response', meaning: () => 'is not a model in GGUF format' },
	{ said: /invalid data/i, code: 'bad-response', meaning: () => 'is damaged: it has numbers that are none' },
	{
		said: /unknown model architecture:? '?([\w.-]*)/i,
		code: 'bad-response',
		meaning: (found) => `is of a kind (“${found}”) that this engine does not know`,
	},
	{
		said: /within the file bounds|failed to read key-value|failed to read tensor|incomplete/i,
		code: 'bad-response',
		meaning: () => 'is cut off: its end is missing',
	},
	{ said: /missing tensor|tensor '[^']*' not found/i, code: 'bad-response', meaning: () => 'is not a whole model: it has no weights' },
];

export function loadError(path: string, cause: unknown, log: readonly string[]): ModelError {
	if (cause instanceof ModelError) return cause;
	const said = [cause instanceof Error ? cause.message : String(cause), ...log].join('\n');
	for (const { said: pattern, code, meaning } of meanings) {
		const match = pattern.exec(said);
		if (match) return new ModelError(code, `${path} ${meaning(match[1] ?? '')}.`, cause);
	}
	const errors = log.filter((line) => /error|failed/i.test(line));
	return new ModelError('bad-response', `${path} cannot be loaded: ${(errors[0] ?? said).trim().slice(0, 300)}`, cause);
}
