/** Files by path, and the edit of a signature in the first of them: what stands there, and what somebody makes of it. */
export interface EditedProject {
	readonly files: Readonly<Record<string, string>>;
	readonly edits: readonly (readonly [from: string, to: string])[];
}
