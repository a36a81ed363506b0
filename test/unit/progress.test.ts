import assert from 'node:assert/strict';
import { progressBar } from '../../scripts/setup/progress.mjs';

describe('the progress bar of a download', () => {
	const totalBytes = 491_400_064;
	const at = (receivedBytes: number, bytesPerSecond: number) => progressBar({ receivedBytes, totalBytes, bytesPerSecond });

	it('shows how much has come, how fast, and how long the rest takes', () => {
		assert.deepEqual(
			[at(0, 0), at(1e6, 0.4e6), at(206e6, 38e6), at(491e6, 5e6), at(totalBytes, 12e6)],
			[
				'░░░░░░░░░░░░ 0 %, 0 of 491 MB',
				'░░░░░░░░░░░░ 0 %, 1 of 491 MB, 0.4 MB/s, 20 min left',
				'█████░░░░░░░ 41 %, 206 of 491 MB, 38 MB/s, 8 s left',
				'███████████░ 99 %, 491 of 491 MB, 5.0 MB/s, 1 s left',
				'████████████ 100 %, 491 of 491 MB, 12 MB/s, 0 s left',
			],
		);
	});

	it('fits into a terminal of 80 columns, with the name of the step', () => {
		assert.ok(`▸ Fetching the model: ${at(100e6, 1.4e6)}`.length < 80);
	});
});
