import { commentedOut } from '../completion/comment-out.ts';
import type { GenerateOptions, ModelFacts } from '../model/language-model.ts';
import { valueGrammar } from './grammar.ts';
import type { HoleQuestion } from './question.ts';
import { remarkOn } from './site.ts';

/** In tokens: what an expression has at most. */
const maxTokens = 48;

/**
 * A hole as the model knows holes: what the function is like in front, the caller's code around it, and the parameter's name right before
 * the place, which the file itself does not get.
 */
export function promptFor(
	question: HoleQuestion,
	{ template, canConstrain }: Pick<ModelFacts, 'template' | 'canConstrain'>,
): Omit<GenerateOptions, 'sampling'> {
	const { about, path, languageId, names } = question;
	const scope = names.length > 0 ? `${commentedOut(`In scope: ${names.join(', ')}`, languageId)}\n` : '';
	const head = template.repository
		? { outside: template.repository('project', [about], path), inside: '' }
		: { outside: '', inside: `${commentedOut(`Path: ${about.path}\n${about.text}`, languageId)}\n\n` };
	const grammar = canConstrain ? valueGrammar(question) : undefined;
	const lead = question.before + hint(question);
	// A word begins with the blank before it, as models have learned it. Who is free to say nothing does so less often behind the blank.
	const before = head.inside + scope + (grammar === undefined ? lead.replace(/\*\/$/, '*/ ') : lead.replace(/(\S) +$/, '$1'));
	const { prompt, suffix } = template.render(before, question.after, '');
	return { prompt: head.outside + prompt, suffix, maxTokens, stop: ['\n', ...template.stop].slice(0, 4), grammar };
}

/** What a reader would put there to tell which argument it is. */
function hint(question: HoleQuestion): string {
	const { languageId, name, before } = question;
	if (languageId !== 'python') return remarkOn(question, languageId);
	return /[(,]\s*$/.test(before) && /^\w+$/.test(name) ? `${name}=` : '';
}
