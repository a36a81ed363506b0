/** Puts the figures into the page when they come, section by section, so that what does not change stays as the reader has it. */
const editor = acquireVsCodeApi();
const shown = new Map();

addEventListener('message', ({ data }) => {
	for (const [id, html] of Object.entries(data)) {
		if (shown.get(id) === html) continue;
		shown.set(id, html);
		replace(document.getElementById(id), html);
	}
});

function replace(section, html) {
	const isOpen = new Set([...section.querySelectorAll('details[open]')].map(({ dataset }) => dataset.name));
	const focusable = () => [...section.querySelectorAll('summary, [tabindex]')];
	const focused = focusable().indexOf(document.activeElement);
	const scrolled = [...section.querySelectorAll('.scroll')].map(({ scrollLeft }) => scrollLeft);
	section.innerHTML = html;
	for (const details of section.querySelectorAll('details')) details.open = isOpen.has(details.dataset.name);
	for (const [index, box] of section.querySelectorAll('.scroll').entries()) box.scrollLeft = scrolled[index] ?? 0;
	if (focused >= 0) focusable()[focused]?.focus({ preventScroll: true });
}

for (const button of document.querySelectorAll('button')) {
	button.addEventListener('click', () => editor.postMessage(button.dataset.do));
}
editor.postMessage('ready');
