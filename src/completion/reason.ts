/** Everything that can be the reason for showing nothing. The keys are for programs, the sentences for people. */
export const reasons = {
	// The gate: not asked at all.
	disabled: 'Co-Clone is turned off.',
	'language-off': 'Co-Clone is turned off for this language.',
	'manual-only': 'Completions are shown only on demand (co-clone.trigger is “manual”).',
	snoozed: 'Co-Clone is snoozed.',
	'on-battery': 'Co-Clone pauses while the machine runs on its battery (co-clone.pauseOnBattery).',
	untrusted: 'The workspace is not trusted.',
	'secret-file': 'Files that may hold secrets are never sent to a model.',
	'ignored-file': 'This file is listed in .co-cloneignore.',
	'rules-unread': 'It is not known yet whether this file is listed in .co-cloneignore.',
	'in-secret': 'The cursor is in what looks like a secret.',
	'not-editable': 'This document cannot be edited.',
	selection: 'Text is selected.',
	'several-cursors': 'There are several cursors.',
	'long-line': 'The line is too long.',
	'in-comment': 'Co-Clone is turned off in comments (co-clone.comments).',
	'nothing-before-cursor': 'The document is empty so far.',
	'backing-off': 'The model server failed a moment ago and is left alone for a while.',
	// Asked, and somebody lost interest.
	superseded: 'The text has changed since.',
	cancelled: 'The request was cancelled.',
	// Asked and answered, with nothing fit to show.
	'model-silent': 'The model has nothing to add here.',
	'does-not-fit': 'The answer does not continue what is typed, or does not lead up to what follows.',
	'already-there': 'The answer repeats what is already there.',
	'just-deleted': 'The answer brings back what was deleted a moment ago.',
	rejected: 'The answer was shown here before, and typed over or dismissed.',
	'hidden-secret': 'The answer brings a secret that was hidden from the model.',
	repetitive: 'The answer repeats itself.',
	// The model failed.
	unreachable: 'The model server cannot be reached.',
	stalled: 'The model server took the request and went silent.',
	'model-missing': 'The model is not installed.',
	'no-infill': 'The model cannot fill holes in code.',
	overloaded: 'The model server is busy.',
	'no-memory': 'The model does not fit into the free memory.',
	'not-allowed': 'The model may not have your code.',
	'signed-out': 'You are not signed in at the model server.',
	'bad-response': 'The model server gave a bad answer.',
	bug: 'Co-Clone failed; its log has the details.',
} as const satisfies Record<string, string>;

export type Reason = keyof typeof reasons;
