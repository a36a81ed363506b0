import { currentLine } from '../lines.ts';
import type { Rule } from './rule.ts';

/** A quote that is open at the cursor and comes again: `import "|` and `"./a"` make `import "./a"`. */
export const withoutTypedQuote: Rule = (text, { prefix, suffix }) => {
	const quote = prefix.at(-1);
	if ((quote !== '"' && quote !== "'" && quote !== '`') || text[0] !== quote || text.startsWith(quote.repeat(2))) return text;
	const isOpen = currentLine(prefix).split(quote).length % 2 === 0;
	const first = text.split('\n', 1)[0] ?? '';
	// Closed by the same quote right away, it would be an empty string; then what comes is what is between the quotes.
	return isOpen && (first.split(quote).length % 2 === 1 || suffix.startsWith(quote)) ? text.slice(1) : text;
};
