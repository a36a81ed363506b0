import type { Figures, TallyFigures } from '../completion/figures.ts';
import { latencyByDay, latencyHistogram, legend, octavesOf } from './statistics-chart.ts';
import { dateOf, durationText, escaped, numberText, shareText } from './statistics-text.ts';

/** Where the page's parts come from. */
export interface Sources {
	/** Where styles may come from, as the editor says. */
	readonly cspSource: string;
	readonly nonce: string;
	readonly style: string;
	readonly script: string;
}

/** The parts that change, in the order of the page. */
const sectionNames = ['suggestions', 'latency', 'requests', 'languages', 'models'] as const;
/** The name stands over two columns; read aloud, each column has it. */
const latencyHead = ['Key → suggestion', 'Request → answer'].flatMap((name) => [
	`${name}<br>p50`,
	`<span class="aloud">${name}</span> p95`,
]);
type Sections = Readonly<Record<'since' | (typeof sectionNames)[number], string>>;

/** The page without its figures, which the script puts in when they come. Nothing in it can be loaded from elsewhere. */
export function page({ cspSource, nonce, style, script }: Sources): string {
	const policy = `default-src 'none'; style-src ${cspSource}; script-src 'nonce-${nonce}'`;
	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Co-Clone Statistics</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<main>
<h1>Co-Clone Statistics</h1>
<p id="since"></p>
<p><button type="button" data-do="export">Export…</button> <button type="button" data-do="reset" class="secondary">Reset…</button></p>
${sectionNames.map((name) => `<section id="${name}"></section>`).join('\n')}
<section>
<h2>How it is counted</h2>
<ul>
<li>A suggestion counts as shown when it was handed to the editor while the editor still wanted it; whether it was painted, VS Code does not say. One that you type through is one suggestion.</li>
<li>Accepted means as a whole or in part, once each. VS Code reports only the former; words and lines are told from the edits, single characters cannot be told from typing.</li>
<li>Characters saved are those by which the document grew when you accepted.</li>
<li>Still there: 30 seconds and 5 minutes later the accepted text was where it had been put, spaces and line breaks aside. Documents that were closed by then are left out.</li>
<li>From memory: answered without asking the model, for example because you typed what it had said.</li>
<li>Aborted: the model was told to stop, because you typed something else or went elsewhere.</li>
<li>Tokens read are those of the prompts, cached ones among them, where the model’s server reports them: it does not for requests that were ended early.</li>
<li>Latencies are right to about a tenth. The figures by day go back 30 days.</li>
</ul>
</section>
</main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

/** What goes into the page, section by section. */
export function sections(figures: Figures): Sections {
	const { total, languages, models, since } = figures;
	const privacy = 'Numbers only, and only on this machine.';
	const hasAny = languages.length > 0;
	if (!hasAny) return { since: `Nothing yet. ${privacy}`, suggestions: '', latency: '', requests: '', languages: '', models: '' };
	return {
		since: `Since ${dateOf(since)} ${since.slice(0, 4)}. ${privacy}`,
		suggestions: `<h2>Suggestions</h2>${suggestions(total)}`,
		latency: `<h2>Latency</h2>${latency(figures)}`,
		requests: `<h2>Requests to the model</h2>${requests(total)}`,
		languages: `<h2>By language</h2>${breakdown('Language', languages)}`,
		models: `<h2>By model</h2>${breakdown('Model', models)}`,
	};
}

function suggestions({ counts }: TallyFigures): string {
	const { shown, accepted, partly, kept30s, gone30s, kept5min, gone5min, characters, answers, remembered } = counts;
	return cards([
		['Shown', numberText(shown), ''],
		[
			'Accepted',
			numberText(accepted),
			`${shareText(accepted, shown)} of those shown${partly > 0 ? `, ${numberText(partly)} in parts` : ''}`,
		],
		['Still there after 30 s', shareText(kept30s, kept30s + gone30s), `${numberText(kept30s)} of ${numberText(kept30s + gone30s)}`],
		['Still there after 5 min', shareText(kept5min, kept5min + gone5min), `${numberText(kept5min)} of ${numberText(kept5min + gone5min)}`],
		['Characters saved', numberText(characters), ''],
		['From memory', shareText(remembered, answers), `${numberText(remembered)} of ${numberText(answers)} questions`],
	]);
}

function requests({ counts }: TallyFigures): string {
	const { answered, aborted, failed, warmUps, tokensRead, tokensWritten, unreported } = counts;
	const all = answered + aborted + failed;
	return cards([
		['Answered', numberText(answered), `${shareText(answered, all)} of ${numberText(all)}`],
		['Aborted', numberText(aborted), `${shareText(aborted, all)} of ${numberText(all)}`],
		['Failed', numberText(failed), `${shareText(failed, all)} of ${numberText(all)}`],
		['Warm-ups', numberText(warmUps), 'before anything is typed'],
		['Tokens read', numberText(tokensRead), unreported > 0 ? `of ${numberText(unreported)} requests unknown` : ''],
		['Tokens written', numberText(tokensWritten), ''],
	]);
}

function cards(entries: readonly (readonly [term: string, value: string, detail: string])[]): string {
	const card = ([term, value, detail]: (typeof entries)[number]) =>
		`<div><dt>${term}</dt><dd>${value}</dd>${detail && `<dd class="detail">${detail}</dd>`}</div>`;
	return `<dl>${entries.map(card).join('')}</dl>`;
}

function latency({ total, days }: Figures): string {
	const { keyToShown, requestToAnswer } = total;
	if (keyToShown.measured + requestToAnswer.measured === 0) return '<p>Nothing yet.</p>';
	const rows = [
		['Key → suggestion', keyToShown],
		['Request → answer', requestToAnswer],
	] as const;
	const overall = rows.map(([name, { p50, p95, measured }]) => [name, durationText(p50), durationText(p95), numberText(measured)]);
	const measuredDays = days.filter((day) => day.keyToShown.measured + day.requestToAnswer.measured > 0);
	return [
		table('Latency since the beginning', ['', 'Median (p50)', '95 % within (p95)', 'Measured'], overall),
		'<h3>By day</h3>',
		measuredDays.length === 0 ? '<p>Nothing in the last 30 days.</p>' : `<figure>${latencyByDay(days)}${legend('line')}</figure>`,
		measuredDays.length === 0 ? '' : details('by-day', 'Figures by day', daysTable(measuredDays)),
		'<h3>How often</h3>',
		`<figure>${latencyHistogram(total)}${legend('bar')}</figure>`,
		details('histogram', 'Figures of the histogram', histogramTable(total)),
	].join('');
}

function daysTable(days: Figures['days']): string {
	const head = ['Day', 'Shown', 'Accepted', ...latencyHead];
	const rows = days.map(({ day, counts, keyToShown, requestToAnswer }) => [
		dateOf(day),
		numberText(counts.shown),
		numberText(counts.accepted),
		...[keyToShown.p50, keyToShown.p95, requestToAnswer.p50, requestToAnswer.p95].map(durationText),
	]);
	return table('The last 30 days, those on which something was measured', head, rows.toReversed());
}

function histogramTable(total: TallyFigures): string {
	const rows = octavesOf(total).map(({ toMs, counts }) => [durationText(toMs), ...counts.map(numberText)]);
	return table('How often each latency occurred', ['Up to', 'Key → suggestion', 'Request → answer'], rows);
}

/** In two tables, because one would be wider than most windows. */
function breakdown(what: string, entries: Figures['languages']): string {
	const suggested = entries.map(({ name, counts }) => [
		...[escaped(name), numberText(counts.shown), numberText(counts.accepted), shareText(counts.accepted, counts.shown)],
		...[shareText(counts.kept30s, counts.kept30s + counts.gone30s), shareText(counts.kept5min, counts.kept5min + counts.gone5min)],
		...[numberText(counts.characters), shareText(counts.remembered, counts.answers)],
	]);
	const asked = entries.map(({ name, counts, keyToShown, requestToAnswer }) => [
		...[escaped(name), ...[keyToShown.p50, keyToShown.p95, requestToAnswer.p50, requestToAnswer.p95].map(durationText)],
		...[counts.answered, counts.aborted, counts.tokensRead, counts.tokensWritten].map(numberText),
	]);
	const by = what.toLowerCase();
	const suggestedHead = [what, 'Shown', 'Accepted', 'Share', 'There after 30 s', 'After 5 min', 'Characters saved', 'From memory'];
	const askedHead = [what, ...latencyHead, 'Answered', 'Aborted', 'Tokens read', 'Written'];
	return table(`Suggestions by ${by}`, suggestedHead, suggested) + table(`Latency and requests by ${by}`, askedHead, asked);
}

/** The cells are HTML. A table that is too wide scrolls by itself, also by keyboard. */
function table(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
	const headCells = head.map((cell) => (cell ? `<th scope="col">${cell}</th>` : '<td></td>'));
	const line = ([first = '', ...others]: readonly string[]) =>
		`<tr><th scope="row">${first}</th>${others.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
	const content = `<thead><tr>${headCells.join('')}</tr></thead><tbody>${rows.map(line).join('')}</tbody>`;
	return `<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table><caption>${caption}</caption>${content}</table></div>`;
}

function details(name: string, summary: string, content: string): string {
	return `<details data-name="${name}"><summary>${summary}</summary>${content}</details>`;
}
