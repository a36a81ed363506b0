import { isKeySized } from './typed-position.ts';

/** A suggestion that shows, or that there is to choose beside it. */
interface Offer {
	/** Its number. */
	readonly shown: number;
	/** What of it is not in the document yet. */
	readonly text: string;
}

/**
 * Notices that a part of a suggestion was accepted. VS Code tells extensions of whole ones only, so it is told from the edit: more of
 * the text than a key puts there appears where it was shown. A part of a single character looks like typing, and is not noticed.
 */
export class AcceptedParts {
	#place: string | undefined;
	#offers: readonly Offer[] = [];

	/** What shows at a place, first, and what there is to choose beside it. */
	offered(place: string, offers: readonly Offer[]): void {
		this.#place = place;
		this.#offers = offers;
	}

	/** Call for text that appears at a place, with the place after it. The result is the number of the suggestion that it is a part of. */
	inserted(place: string, text: string, after: string): number | undefined {
		if (this.#place !== place) return undefined;
		const [offer, ...others] = this.#offers.filter((each) => each.text.length > text.length && each.text.startsWith(text));
		if (!offer) return undefined;
		// The editor shows the rest at once, and may be told to accept more of it before it asks anew.
		const left = [offer, ...others].map((each) => ({ shown: each.shown, text: each.text.slice(text.length) }));
		this.offered(after, left);
		return isKeySized(text) ? undefined : offer.shown;
	}
}
