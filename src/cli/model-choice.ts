/** What a command line says of the model: the options that every command has. */
export interface ModelChoice {
	/** As the setting `co-clone.model` has it; undefined and `auto` leave it to us. */
	readonly model: string | undefined;
	/** The folder with the files of models for the embedded engine; undefined where they usually are. */
	readonly models: string | undefined;
}

/** For `parseArgs`. */
export const modelOptions = { model: { type: 'string' }, models: { type: 'string' } } as const;
