import type { Route } from './call.ts';
import { openAiRoutes } from './wire-openai.ts';
import { plainRoutes } from './wire-plain.ts';

/** Every path that is answered, by protocol. */
export const routes: readonly Route[] = [...plainRoutes, ...openAiRoutes];
