import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Battery } from '../../src/vscode/battery.ts';
import { isDischarging, isOnBattery, saysBattery, saysOffline } from '../../src/vscode/power.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

describe('the power supply', () => {
	const machines: [what: string, supplies: Record<string, Record<string, string>>, isDischarging: boolean][] = [
		['a desktop', {}, false],
		['a laptop at its adapter', { AC: { type: 'Mains', online: '1' }, BAT0: { type: 'Battery', status: 'Charging' } }, false],
		['a laptop without', { AC: { type: 'Mains', online: '0' }, BAT0: { type: 'Battery', status: 'Discharging' } }, true],
		['a laptop that says nothing of its adapter', { BAT1: { type: 'Battery', status: 'Discharging' } }, true],
		['a full one', { AC: { type: 'Mains', online: '1' }, BAT0: { type: 'Battery', status: 'Full' } }, false],
		['one fed by USB', { ucsi: { type: 'USB', online: '1' }, BAT0: { type: 'Battery', status: 'Discharging' } }, false],
		[
			'two batteries, one in use',
			{ BAT0: { type: 'Battery', status: 'Not charging' }, BAT1: { type: 'Battery', status: 'Discharging' } },
			true,
		],
		['a mouse on a desktop', { hidpp: { type: 'Battery', scope: 'Device', status: 'Discharging' } }, false],
		['a battery of which nothing is known', { BAT0: { type: 'Battery', status: 'Unknown' } }, false],
	];
	for (const [what, supplies, expected] of machines) {
		it(`Linux, ${what}: ${expected ? 'on battery' : 'not on battery'}`, async () => {
			await using folder = await TemporaryFolder.create();
			for (const [name, files] of Object.entries(supplies)) {
				await mkdir(join(folder.path, name));
				for (const [file, text] of Object.entries(files)) await writeFile(join(folder.path, name, file), `${text}\n`);
			}
			assert.equal(await isDischarging(folder.path), expected);
		});
	}

	it('macOS says it in words', () => {
		const battery = "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=4653155)\t81%; discharging; 5:06 remaining present: true\n";
		const adapter = "Now drawing from 'AC Power'\n -InternalBattery-0 (id=4653155)\t81%; charging; 0:45 remaining present: true\n";
		assert.deepEqual([battery, adapter, "Now drawing from 'AC Power'\n", ''].map(saysBattery), [true, false, false, false]);
	});

	it('Windows says it in a word', () => {
		assert.deepEqual(['Offline\r\n', 'Online\r\n', 'Unknown\r\n', ''].map(saysOffline), [true, false, false, false]);
	});

	it('of the machine that these tests run on can be asked for', async () => {
		assert.equal(typeof (await isOnBattery()), 'boolean');
	});
});

describe('the battery', () => {
	beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
	afterEach(() => mock.timers.reset());

	function setUp() {
		const machine = { isDischarging: true, looks: 0 };
		const look = async () => {
			machine.looks++;
			return machine.isDischarging;
		};
		const battery = new Battery(look, 1000);
		const told: boolean[] = [];
		battery.onChange(() => told.push(battery.isDischarging));
		return { machine, battery, told };
	}

	it('is looked at only while somebody wants to know', async () => {
		const { machine, battery, told } = setUp();
		mock.timers.tick(5000);
		await turn();
		assert.deepEqual([machine.looks, battery.isDischarging], [0, false]);
		battery.watch(true);
		battery.watch(true);
		assert.equal(battery.isDischarging, false, 'nobody waits for it');
		await turn();
		assert.deepEqual([machine.looks, battery.isDischarging], [1, true]);
		battery.watch(false);
		assert.equal(battery.isDischarging, false);
		mock.timers.tick(5000);
		await turn();
		assert.equal(machine.looks, 1);
		assert.deepEqual(told, [true, false]);
	});

	it('is looked at again now and then, and changes are told', async () => {
		const { machine, battery, told } = setUp();
		battery.watch(true);
		await turn();
		mock.timers.tick(1000);
		await turn();
		machine.isDischarging = false;
		mock.timers.tick(1000);
		await turn();
		assert.equal(machine.looks, 3);
		assert.deepEqual(told, [true, false]);
		battery.dispose();
	});
});
