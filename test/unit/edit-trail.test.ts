import assert from 'node:assert/strict';
import { EditTrail } from '../../src/context/edit-trail.ts';

const page = Array.from({ length: 200 }, (_, index) => `line ${index};`);
const edited = (changes: Readonly<Record<number, string | undefined>>) =>
	page.flatMap((line, index) => (index in changes ? (changes[index] === undefined ? [] : (changes[index]?.split('\n') ?? [])) : [line]));
const trailOf = (...states: (readonly string[])[]) => {
	const trail = new EditTrail();
	trail.saw('a.ts', page);
	for (const state of states) trail.settled('a.ts', state);
	return trail.around('b.ts', 0).map(({ startLine, text }) => `${startLine}: ${text}`);
};

describe('what was edited lately', () => {
	it('is a small diff', () => assert.deepEqual(trailOf(edited({ 3: 'new 3;' })), ['3: -line 3;\n+new 3;']));
	it('also of what was only added, or only taken out', () => {
		assert.deepEqual(trailOf(edited({ 3: 'line 3;\nnew;' })), ['4: +new;']);
		assert.deepEqual(trailOf(edited({ 3: undefined })), ['3: -line 3;']);
	});
	it('is one as long as it goes on in the same lines', () =>
		assert.deepEqual(trailOf(edited({ 3: 'n' }), edited({ 3: 'new' }), edited({ 3: 'new 3;\nnew 4;' })), [
			'3: -line 3;\n+new 3;\n+new 4;',
		]));
	it('is none when it was taken back', () => assert.deepEqual(trailOf(edited({ 3: 'new;' }), page), []));
	it('is another elsewhere, the latest first', () =>
		assert.deepEqual(trailOf(edited({ 3: 'new 3;' }), edited({ 3: 'new 3;', 90: 'new 90;' })), [
			'90: -line 90;\n+new 90;',
			'3: -line 3;\n+new 3;',
		]));
	it('is none when it is large, as after another branch was checked out', () =>
		assert.deepEqual(trailOf(page.map((line) => `other ${line}`)), []));
	it('goes on after that', () => {
		const other = page.map((line) => `other ${line}`);
		assert.deepEqual(trailOf(other, [...other.slice(0, 199), 'new;']), ['199: -other line 199;\n+new;']);
	});
	it('leaves out what is near the place itself', () => {
		const trail = new EditTrail();
		trail.saw('a.ts', page);
		trail.settled('a.ts', edited({ 150: 'new;' }));
		assert.equal(trail.around('a.ts', 140).length, 0);
		assert.equal(trail.around('a.ts', 10).length, 1);
	});
	it('is not more than there is use for', () => {
		const trail = new EditTrail();
		for (let index = 0; index < 30; index++) {
			trail.saw(`${index}.ts`, page);
			trail.settled(`${index}.ts`, edited({ 3: `new ${index};` }));
		}
		const found = trail.around('b.ts', 0);
		assert.equal(found.length, 8);
		assert.equal(found[0]?.path, '29.ts');
	});
});
