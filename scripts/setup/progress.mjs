/** Characters; the whole line has to fit into a terminal of 80 columns, with what is being downloaded before it. */
const width = 12;

/**
 * A download as a line of text: `█████░░░░░░░ 42 %, 206 of 491 MB, 38 MB/s, 8 s left`.
 *
 * @param {{receivedBytes: number, totalBytes: number, bytesPerSecond: number}} progress
 */
export function progressBar({ receivedBytes, totalBytes, bytesPerSecond }) {
	const fraction = Math.min(1, receivedBytes / totalBytes);
	const full = Math.floor(fraction * width);
	const parts = [`${Math.floor(fraction * 100)} %`, `${megabytes(receivedBytes)} of ${megabytes(totalBytes)} MB`];
	// Nothing can be said of the speed at the beginning and while somebody else downloads it.
	if (bytesPerSecond > 0) parts.push(`${speed(bytesPerSecond)} MB/s`, `${timeLeft((totalBytes - receivedBytes) / bytesPerSecond)} left`);
	return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${parts.join(', ')}`;
}

function megabytes(bytes) {
	return Math.round(bytes / 1e6);
}

function speed(bytesPerSecond) {
	return (bytesPerSecond / 1e6).toFixed(bytesPerSecond < 9.95e6 ? 1 : 0);
}

function timeLeft(seconds) {
	return seconds < 99.5 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
