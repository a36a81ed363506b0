import { coClone } from './co-clone.ts';
import { continueDev } from './continue.ts';
import type { Policy } from './policy.ts';

/** The extension first, then its peers. */
export const policies: readonly Policy[] = [coClone, continueDev];
