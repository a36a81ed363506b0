import type { Route } from './call.ts';
import { chatRoutes } from './wire-chat.ts';
import { llamaRoutes } from './wire-llama.ts';
import { nativeRoutes } from './wire-native.ts';
import { ollamaRoutes } from './wire-ollama.ts';
import { openAiRoutes } from './wire-openai.ts';
import { plainRoutes } from './wire-plain.ts';
import { tabbyRoutes } from './wire-tabby.ts';

/** Every path that is answered, by protocol. */
export const routes: readonly Route[] = [
	...plainRoutes,
	...openAiRoutes,
	...chatRoutes,
	...tabbyRoutes,
	...llamaRoutes,
	...ollamaRoutes,
	...nativeRoutes,
];
