/** Where Ollama listens when nobody says otherwise. */
const defaultUrl = 'http://127.0.0.1:11434';

/**
 * The address of a server as Ollama's own programs read it from `OLLAMA_HOST`: scheme and port may be left out, and the
 * address that means "every interface" to a server means this machine to us.
 */
export function ollamaUrl(host: string | undefined): string {
	const text = host?.trim();
	if (!text) return defaultUrl;
	const withScheme = /^[a-z]+:\/\//i.test(text) ? text : `http://${text.startsWith(':') ? `127.0.0.1${text}` : text}`;
	if (!URL.canParse(withScheme)) return text;
	const url = new URL(withScheme);
	if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
	if (url.port === '' && withScheme !== text) url.port = '11434';
	return url.href.replace(/\/$/, '');
}

/** `NAME`, `ollama:NAME`, `URL` or `URL/NAME`; undefined and `auto` leave the choice among the installed models to us. */
export function parseModel(text: string | undefined, host: string | undefined): { url: string; model: string | undefined } {
	const spec = text?.trim().replace(/^ollama:/, '') ?? '';
	if (spec === '' || spec === 'auto') return { url: ollamaUrl(host), model: undefined };
	if (!/^https?:\/\//i.test(spec) || !URL.canParse(spec)) return { url: ollamaUrl(host), model: spec };
	const { origin, pathname } = new URL(spec);
	return { url: origin, model: decodeURIComponent(pathname.slice(1)) || undefined };
}
