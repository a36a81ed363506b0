import { mkdir } from 'node:fs/promises';
import { type Browser, chromium } from 'playwright-core';
import { environment } from './editor-page.ts';

/** A browser for pages of our own, and the folder for their pictures. */
export async function launchBrowser(): Promise<Browser> {
	await mkdir(environment('E2E_FOLDER'), { recursive: true });
	return chromium.launch({ executablePath: environment('E2E_CHROMIUM'), args: ['--no-sandbox'] });
}
