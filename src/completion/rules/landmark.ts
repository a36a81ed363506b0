import { lineRest } from '../gate.ts';
import { landmarkAt, whereItComes } from '../landmark.ts';
import type { Rule } from './rule.ts';

/** An answer in the middle of a line comes to what stands there, and ends in front of it. */
export const upToLandmark: Rule = (text, request) => {
	const landmark = landmarkAt(request);
	if (landmark === undefined) return text;
	const [line = ''] = text.split('\n', 1);
	const at = whereItComes(landmark, line, true);
	if (at < 0) return { reason: 'does-not-fit' };
	const missing = /^\s/.test(lineRest(request.suffix)) ? line.slice(0, at).trimEnd() : line.slice(0, at);
	return missing.trim() === '' ? { reason: 'already-there' } : missing;
};
