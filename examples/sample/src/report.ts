import { formatAmount, type InvoiceLine, tax, total } from './invoice.ts';

/** What the customer reads: `To pay: 119.00 EUR, of which 19.00 EUR are tax.` */
export function summary(lines: InvoiceLine[], rate: number): string {
	const amount = formatAmount(total(lines, rate), 'EUR');
	return `To pay: ${amount}, of which ${formatAmount(tax(lines, rate), 'EUR')} are tax.`;
}
