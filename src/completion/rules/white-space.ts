import type { Rule } from './rule.ts';

export const withoutTrailingSpace: Rule = (text) => text.trimEnd() || { reason: 'model-silent' };
