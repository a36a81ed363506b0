export interface Item {
	id: string;
	name: string;
	stock: number;
}

/** What is in the warehouse, by the items' ids. */
export class Inventory {
	private readonly items = new Map<string, Item>();

	add(item: Item): void {
		this.items.set(item.id, item);
	}

	remove(id: string): boolean {
		return this.items.delete(id);
	}

	find(id: string): Item | undefined {
		return this.items.get(id);
	}

	/** The items of which fewer than `limit` are left. */
	runningLow(limit: number): Item[] {}
}
