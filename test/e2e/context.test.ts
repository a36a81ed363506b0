import assert from 'node:assert/strict';
import { EditorPage } from './editor-page.ts';

const shop = `export interface Basket {
	readonly owner: string;
	readonly entries: readonly { readonly label: string; readonly cents: number }[];
}

/** What is to be paid for a basket, in cents. */
export function amountDue(basket: Basket): number {
	return basket.entries.reduce((sum, entry) => sum + entry.cents, 0);
}
`;

const receipt = `import { amountDue, type Basket } from './basket';

export function receiptFor(basket: Basket): string {
	// The owner, and below each entry with its label and cents; the amount due at the end.
	throw new Error('not implemented');|
}
`;

/** With a real model, whose answer is its own: what is held is how it is asked, shown and inserted. */
describe('Complete with Codebase Context, with a real model', () => {
	let editor: EditorPage | undefined;

	afterEach(async function () {
		if (this.currentTest?.state === 'failed') await editor?.picture('failed').catch(() => {});
		await editor?.close();
		editor = undefined;
	});

	it('shows what a stub would become, writes it when it is chosen, and says what was used', async () => {
		editor = await EditorPage.open('codebase-context', { 'receipt.ts': receipt, 'basket.ts': shop });
		await editor.openFile('receipt.ts');
		const { page } = editor;
		await editor.command('Co-Clone: Complete with Codebase Context');
		await page.locator('.notification-list-item', { hasText: 'Co-Clone' }).first().waitFor({ timeout: 20_000 });
		await editor.picture('waiting');
		await page.locator('.quick-input-list .monaco-list-row').first().waitFor({ timeout: 120_000 });
		await page.locator('.monaco-diff-editor').first().waitFor({ timeout: 20_000 });
		await editor.picture('choice');
		await page.keyboard.press('Enter');
		await page.locator('.monaco-diff-editor').first().waitFor({ state: 'detached', timeout: 20_000 });
		await page.locator('.view-line', { hasText: 'not implemented' }).waitFor({ state: 'detached', timeout: 10_000 });
		await editor.picture('inserted');
		const { before } = editor.around('receipt.ts');
		const saved = await editor.savedText('receipt.ts');
		const kept = before.slice(0, before.indexOf('throw'));
		assert.ok(saved.startsWith(kept) && !saved.includes('not implemented'), saved);
		await editor.command('Co-Clone: Show What Was Used');
		await page.locator('.tab.active', { hasText: 'What Was Used' }).waitFor({ timeout: 10_000 });
		await page.locator('.view-line', { hasText: 'basket.ts:' }).first().waitFor({ timeout: 10_000 });
		await editor.picture('used');
	});
});
