import type { LanguageModel } from '../../model/language-model.ts';
import { ModelError, type ModelErrorCode } from '../../model/model-error.ts';

/** A model from another bundle, whose errors are of a class that this one does not know. */
export function withOwnErrors(model: LanguageModel): LanguageModel {
	return {
		facts: (signal) => model.facts(signal).catch((error) => Promise.reject(own(error))),
		async *generate(options, signal) {
			try {
				yield* model.generate(options, signal);
			} catch (error) {
				throw own(error);
			}
		},
	};
}

function own(error: unknown): unknown {
	if (!(error instanceof Error) || error instanceof ModelError || error.name !== 'ModelError' || !('code' in error)) return error;
	return new ModelError(error.code as ModelErrorCode, error.message, error);
}
