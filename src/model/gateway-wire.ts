import { type Fields, isRecord } from '../std/record.ts';
import type { FimTemplate } from './fim.ts';
import type { ModelFacts, PromptUse, Usage } from './language-model.ts';

/** What a gateway says of its model; undefined where it says something else. A hole is put to it as it was put to the names of its parts. */
export function factsIn({ name, contextLength, canConstrain, speed, template }: Fields): ModelFacts | undefined {
	const known = isRecord(template) ? templateIn(template) : undefined;
	if (typeof name !== 'string' || typeof contextLength !== 'number' || !known) return undefined;
	const { prefillTokensPerSecond, stepMs } = isRecord(speed) ? speed : {};
	return {
		name,
		contextLength,
		canConstrain: canConstrain === true,
		speed: { prefillTokensPerSecond: numberIn(prefillTokensPerSecond), stepMs: numberIn(stepMs) },
		template: known,
	};
}

function templateIn({ family, prompt, suffix, growsAtEnd, stop, specialTokens }: Fields): FimTemplate | undefined {
	if (typeof family !== 'string' || typeof prompt !== 'string') return undefined;
	return {
		family,
		growsAtEnd: growsAtEnd === true,
		stop: textsIn(stop),
		specialTokens: textsIn(specialTokens),
		render: (before, after, typed) => {
			const parts: Readonly<Record<string, string>> = { '{before}': before, '{after}': after, '{typed}': typed };
			const filled = (text: string) => text.replaceAll(/\{(?:before|after|typed)\}/g, (part) => parts[part] ?? part);
			return { prompt: filled(prompt), ...(typeof suffix === 'string' ? { suffix: filled(suffix) } : {}) };
		},
	};
}

export function promptUseIn({ tokens, cached }: Fields): PromptUse {
	return { tokens: numberIn(tokens) ?? 0, cached: numberIn(cached) ?? 0 };
}

export function usageIn({ usage }: Fields): Usage {
	const { promptTokens, completionTokens } = isRecord(usage) ? usage : {};
	return { promptTokens: numberIn(promptTokens) ?? null, completionTokens: numberIn(completionTokens) ?? null };
}

export function messageIn({ message }: Fields): string {
	return typeof message === 'string' ? message : 'It failed, and did not say why.';
}

function numberIn(value: unknown): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function textsIn(value: unknown): string[] {
	return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
