export interface InvoiceLine {
	description: string;
	quantity: number;
	unitPrice: number;
}

/** The price of one line, before tax. */
export function linePrice(line: InvoiceLine): number {
	return line.quantity * line.unitPrice;
}

/** The sum of the prices of all lines, before tax. */
export function subtotal(lines: InvoiceLine[]): number {}

/** The tax on all lines, at a rate such as 0.19. */
export function tax(lines: InvoiceLine[], rate: number): number {
	return subtotal(lines) * rate;
}

/** What the customer has to pay: the subtotal and the tax on it. */
export function total(lines: InvoiceLine[], rate: number): number {
	return subtotal(lines) + tax(lines, rate);
}

/** An amount of money as text, e.g. `12.50 EUR`. */
export function formatAmount(amount: number, currency: string): string {
	return `${amount.toFixed(2)} ${currency}`;
}
