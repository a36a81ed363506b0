import * as known from '../editor/vscode.ts';

/**
 * All of VS Code's API, for an extension that is only to start: what the stand-in has, and for the rest something that can be called, made
 * and asked for anything, and does nothing.
 */
function anything(): object {
	return new Proxy(function nothing() {}, {
		get: (_, key) => (key === 'then' ? undefined : key === Symbol.toPrimitive ? () => '' : anything()),
		set: () => true,
		apply: () => anything(),
		construct: () => anything(),
	});
}

function withAnything<T extends object>(part: T): T {
	return new Proxy(part, { get: (target, key) => (key in target ? Reflect.get(target, key) : anything()) });
}

/** The stand-in has the parts of the namespaces that a bench needs, and only those. */
const namespaces = Object.entries(known).map(([name, part]) => [name, typeof part === 'object' ? withAnything(part) : part]);

module.exports = withAnything(Object.fromEntries(namespaces));
