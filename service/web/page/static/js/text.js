// Positions in texts. The API counts characters (code points), JavaScript UTF-16 units.

// Returns what turns a position of the API in `text` into one of JavaScript's.
export function indexer(text) {
  if (!/[\ud800-\udbff]/.test(text)) return (position) => Math.min(position, text.length);
  const units = new Uint32Array(text.length + 1);
  let count = 0;
  for (let at = 0; at < text.length; at += text.codePointAt(at) > 0xffff ? 2 : 1)
    units[count++] = at;
  units[count] = text.length;
  return (position) => units[Math.min(position, count)];
}

// Paragraphs of a text, with where each begins.
export function paragraphs(text) {
  const found = [];
  const line = /[^\n]+/g;
  for (let match = line.exec(text); match; match = line.exec(text))
    if (match[0].trim()) found.push({ start: match.index, text: match[0] });
  return found;
}

// Cuts `text` at the ends of `spans` ({start, end, …}), which may overlap: pieces {text, spans}.
export function cut(text, spans) {
  const inside = spans
    .map((span) => ({ ...span, start: Math.max(0, span.start), end: Math.min(text.length, span.end) }))
    .filter((span) => span.start < span.end);
  const edges = new Set([0, text.length]);
  for (const span of inside) edges.add(span.start).add(span.end);
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((start, at) => ({
    start,
    text: text.slice(start, sorted[at + 1]),
    spans: inside.filter((span) => span.start <= start && span.end >= sorted[at + 1]),
  }));
}

const OPENS = /<(?:!--|(script|style)\b|[a-z/!?])/gi;

// Where an HTML text has what no reader sees: tags, comments, scripts, styles. Linear in its length.
export function markupOf(text) {
  const found = [];
  const opens = new RegExp(OPENS);
  for (let match = opens.exec(text); match; match = opens.exec(text)) {
    const end = match[0] === "<!--" ? after(text, /-->/g, opens.lastIndex) : endOfTag(text, opens.lastIndex);
    if (end < 0) break; // "a <b" without an end is text
    opens.lastIndex = match[1] ? after(text, new RegExp(`</${match[1]}\\s*>`, "gi"), end) : end;
    found.push({ start: match.index, end: opens.lastIndex });
  }
  return found;
}

function after(text, pattern, from) {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : text.length;
}

// Where the tag ends that has begun before `from`; -1 if it never does.
function endOfTag(text, from) {
  let quote = "";
  for (let at = from; at < text.length; at += 1) {
    const one = text[at];
    if (quote) quote = one === quote ? "" : quote;
    else if (one === ">") return at + 1;
    else if ((one === '"' || one === "'") && /=\s*$/.test(text.slice(Math.max(from, at - 9), at))) quote = one;
  }
  return -1;
}

// Where `part` stands in `text`; in Latin letters as whole words only.
export function occurrences(text, part) {
  const found = [];
  if (!part) return found;
  const letter = /[\p{Script=Latin}\p{N}]/u;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) {
    const end = at + part.length;
    const inWord =
      (letter.test(part[0]) && at > 0 && letter.test(text[at - 1])) ||
      (letter.test(part.at(-1)) && end < text.length && letter.test(text[end]));
    if (!inWord) found.push({ start: at, end });
  }
  return found;
}

// Replaces whole occurrences.
export function replaced(text, part, other) {
  let result = "";
  let from = 0;
  for (const { start, end } of occurrences(text, part)) {
    result += text.slice(from, start) + other;
    from = end;
  }
  return result + text.slice(from);
}

// The text of a file: UTF-8, UTF-16 with its mark, else what its bytes look like.
export function decode(bytes) {
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "";
  return decoded(bytes, marked || "utf-8") ?? guessed(bytes);
}

function decoded(bytes, encoding) {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

// Characters that news in Chinese has everywhere. A text in the wrong encoding has hardly any.
const COMMON = new Set("的一是在不了有人他中大上和地到以要年月日就出可也這这為为個个國国說说時时會会來来對对於于與与將将");

// Chinese as GB18030 or Big5, each of which reads most files of the other; else Windows' Latin
// letters, which stand between letters of ASCII.
function guessed(bytes) {
  const western = new TextDecoder("windows-1252").decode(bytes);
  const far = bytes.filter((byte, at) => byte > 0x7f && (bytes[at - 1] > 0x7f || bytes[at + 1] > 0x7f));
  if (far.length * 2 < bytes.filter((byte) => byte > 0x7f).length) return western;
  let best = western;
  let most = -1;
  for (const encoding of ["gb18030", "big5"]) {
    const text = decoded(bytes, encoding);
    const common = text === null ? -1 : [...text].filter((one) => COMMON.has(one)).length;
    if (common > most) [best, most] = [text, common];
  }
  return best;
}

// Whether a text is Chinese: more Chinese characters than words in Latin letters.
export function isChinese(text) {
  const begin = text.slice(0, 20_000);
  const count = (pattern) => (begin.match(pattern) ?? []).length;
  return count(/\p{Script=Han}/gu) > count(/\p{Script=Latin}+/gu);
}
