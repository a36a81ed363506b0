/** Elements that have no end. */
const empty = /^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i;
const tags = /<(\/?)([\w:.-]*)[^<>]*?(\/?)>/g;

/** Where a text ends an element that it did not begin; -1 when it does not. */
export function endOfElement(text: string): number {
	const open: string[] = [];
	for (const { index, 1: isEnd, 2: name = '', 3: isWhole } of text.matchAll(tags)) {
		if (isEnd) {
			const begun = open.lastIndexOf(name);
			if (begun < 0) return index;
			open.splice(begun);
		} else if (!isWhole && !empty.test(name)) open.push(name);
	}
	return -1;
}
