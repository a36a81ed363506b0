import { type LogOutputChannel, type Memento, ProgressLocation, window } from 'vscode';
import type { LanguageModel } from '../model/language-model.ts';
import { ModelError } from '../model/model-error.ts';
import { type SelfTestReport, selfTest } from '../model/self-test.ts';
import { cancelable } from '../std/cancelable.ts';
import { actionsFor, explain, showWithActions } from './advice.ts';

const key = 'selfTest';

/** The report of the last check, kept over restarts. */
export function lastReport(state: Memento): SelfTestReport | undefined {
	return state.get<SelfTestReport>(key);
}

/** Runs the self-test on the model in use, keeps its report and shows it. Resolves to whether the model answered. */
export async function checkModel(model: LanguageModel, state: Memento, log: LogOutputChannel): Promise<boolean> {
	try {
		const report = await window.withProgress(
			{ location: ProgressLocation.Notification, title: 'Co-Clone: checking the model', cancellable: true },
			(_, token) => {
				const test = cancelable((signal) => selfTest(model, () => performance.now(), signal));
				token.onCancellationRequested(() => test.cancel());
				return test.catch((error: unknown) => {
					if (token.isCancellationRequested) return undefined;
					throw error;
				});
			},
		);
		if (!report) return false;
		await state.update(key, report);
		void show(report, log);
		return true;
	} catch (error) {
		if (!(error instanceof ModelError)) throw error;
		await showWithActions(`Co-Clone: ${explain({ reason: error.code, detail: error.message })}`, actionsFor(error.code), true);
		return false;
	}
}

async function show({ model, family, checks }: SelfTestReport, log: LogOutputChannel): Promise<void> {
	for (const { claim, holds, detail } of checks)
		log.info(`self-test of ${model} (${family}): ${claim}: ${holds ? 'yes' : 'NO'} (${detail})`);
	const failed = checks.filter(({ holds }) => !holds);
	const verdict =
		failed.length === 0
			? checks.map(({ claim }) => claim).join(', ')
			: failed.map(({ claim, detail }) => `does not: ${claim} (${detail})`).join('; ');
	await showWithActions(`${model}: ${verdict}.`, [{ title: 'Show Log', command: 'co-clone.showLog' }], failed.length > 0);
}
