const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Longer ones, of hundreds of marks on one letter, are cut in their middle rather than left out. */
const LONGEST_GRAPHEME = 500;

/** Text that every database and every encoding takes: without NUL, and with U+FFFD in the place of half surrogates. */
export function clean(text) {
  return text.replaceAll('\0', '').toWellFormed();
}

/** The beginning of a clean text, cut between two characters as a reader sees them; `max` in UTF-16 units. */
export function cut(text, max) {
  if (text.length <= max) return text;
  const { index } = graphemes.segment(text.slice(0, max + LONGEST_GRAPHEME)).containing(max);
  if (max - index <= LONGEST_GRAPHEME) return text.slice(0, index);
  return text.slice(0, text.codePointAt(max - 1) > 0xffff ? max - 1 : max);
}

/** Control characters, line separators and changes of direction, as JSON escapes them: a terminal obeys none of them then. */
export function escapeControls(text) {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
