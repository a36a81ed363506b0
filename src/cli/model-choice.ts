/** What a command line says of the model: the options that every command has. */
export interface ModelChoice {
	/** As the setting `co-clone.model` has it; undefined and `auto` leave it to us. */
	readonly model: string | undefined;
	/** The folder with the files of models for the embedded engine; undefined where they usually are. */
	readonly models: string | undefined;
	/** Whether code may be sent to a server on another machine. */
	readonly allowRemote: boolean;
}

/** For `parseArgs`. */
export const modelOptions = {
	model: { type: 'string' },
	models: { type: 'string' },
	'allow-remote': { type: 'boolean', default: false },
} as const;
