/** What a language knows everywhere and what changes nothing when it is called. What prints, asks, opens or ends something is not in it. */
const builtins: Readonly<Record<string, string>> = {
	typescript:
		'Array ArrayBuffer BigInt Boolean Date Error Infinity Intl JSON Map Math NaN Number Object Promise RangeError RegExp Set String Symbol TypeError URL URLSearchParams Uint8Array WeakMap WeakSet AbortController AbortSignal structuredClone parseFloat parseInt isNaN isFinite globalThis undefined encodeURIComponent decodeURIComponent performance crypto Record Partial Readonly Pick Omit const',
	python:
		'abs all any bool bytes bytearray chr complex dict divmod enumerate filter float format frozenset hash hex int isinstance issubclass iter len list map max min object oct ord pow range repr reversed round set slice sorted str sum tuple type zip Exception ValueError TypeError KeyError RuntimeError NotImplemented Ellipsis __name__ __file__ None True False',
	go: 'append cap complex imag len make max min new real bool byte complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32 uint64 uintptr any nil true false iota',
	java: 'Boolean Byte Character Double Enum Float Integer Long Math Number Object Short String StringBuilder Iterable Comparable Runnable Exception RuntimeException IllegalArgumentException IllegalStateException',
	rust: 'Some None Ok Err Box Vec String Option Result Default From Into ToString vec format bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 std core Self',
	cpp: 'std size_t nullptr_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t INT_MAX INT_MIN SIZE_MAX NULL static_cast',
	csharp:
		'Math String Convert DateTime TimeSpan Guid Array Enumerable List Dictionary HashSet Tuple Task CancellationToken StringComparison Int32 Int64 Double Boolean Object Exception ArgumentException nameof EventArgs Uri Array',
};

/** What stands for “none”. */
const nothings = new Set(['null', 'undefined', 'None', 'nil', 'nullptr', 'NULL', 'NaN']);

const names = new Map(Object.entries(builtins).map(([languageId, words]) => [languageId, new Set(words.split(' '))]));
const sameAs: Readonly<Record<string, string>> = {
	typescriptreact: 'typescript',
	javascript: 'typescript',
	javascriptreact: 'typescript',
	c: 'cpp',
};

export function isBuiltin(name: string, languageId: string): boolean {
	return names.get(sameAs[languageId] ?? languageId)?.has(name) ?? false;
}

export function isNothing(text: string): boolean {
	return nothings.has(text);
}

/** First words of methods that only look: what they are called on is what it was. */
const looking = new Set(
	'abs at ceil clone concat contains copy count default ends equals filter find first floor format from get has includes index is items join keys last len length lower map max min name new of round size slice sorted split starts strip sub substring sum to trim trunc upper value values with year month day'.split(
		' ',
	),
);

export function onlyLooks(firstWord: string): boolean {
	return looking.has(firstWord);
}
