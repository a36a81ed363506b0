import type { Reason } from '../completion/reason.ts';

/** What to do about a backend that failed. */
type Advice = Readonly<Partial<Record<Reason, string>>>;

const forServers: Advice = {
	unreachable: 'Start Ollama (ollama serve), or name a server: --model http://host:11434.',
	stalled: 'Restart Ollama if it stays like this, or name another server: --model http://host:11434.',
	'model-missing': 'Pull one (ollama pull qwen2.5-coder:1.5b), or name an installed one: --model NAME.',
	'no-infill': 'Name a model that can: --model qwen2.5-coder:1.5b or --model deepseek-coder:1.3b-base.',
	overloaded: 'Try again later, or name another server: --model http://host:11434.',
	'no-memory': 'Name a smaller one: --model NAME, or close other programs.',
	'not-allowed': 'Say so if it may have your code: --allow-remote.',
	'signed-out': 'Sign in there: co-clone login URL.',
	'bad-response': 'Check the address (--model URL) and the log of the server.',
	bug: 'Please report it.',
};

const forTheEngine: Advice = {
	unreachable: 'Use Ollama instead: --model ollama:NAME.',
	stalled: 'Try again; if it stays like this, use Ollama instead: --model ollama:NAME.',
	'model-missing':
		'Download it in VS Code (“Co-Clone: Select Model”), say where it is (--models DIR), or name a file in GGUF format (--model embedded:PATH).',
	'no-infill': 'Name a model that can: --model embedded:qwen2.5-coder-0.5b.',
	overloaded: 'Try again later.',
	'no-memory': 'Name a smaller model, or close other programs.',
	'bad-response': 'Name another file (--model embedded:PATH), or download it again.',
	bug: 'Please report it.',
};

/** For when nobody named a model. */
const forEither: Advice = {
	...forServers,
	unreachable:
		'Start Ollama (ollama serve), or name a server (--model http://host:11434) or a file in GGUF format for the embedded engine (--model embedded:PATH).',
};

/** What the user can do about a reason, by the model that they named. */
export function adviceFor(reason: Reason, model = 'auto'): string | undefined {
	const advice = model.startsWith('embedded:') ? forTheEngine : model === 'auto' ? forEither : forServers;
	return advice[reason];
}
