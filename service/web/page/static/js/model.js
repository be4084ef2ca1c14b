// The briefs as the page holds them, and what stands where. Pure functions.
import { cut, indexer, occurrences } from "./text.js";

// What a stream says, joined to `briefs` ({tag: brief}): sentences as they are finished, and each
// brief when it is settled, which replaces its sentences.
export function withEvent(briefs, event, data) {
  const tag = data.language;
  if (event === "brief") return { ...briefs, [tag]: { ...data, settled: true } };
  const sentences = [...(briefs[tag]?.sentences ?? [])];
  const { position, text, source = [], origin = "written" } = data;
  sentences[position] = { text, source, origin, warnings: [] };
  // a sentence may come before one that stands in front of it
  for (let at = 0; at < position; at += 1) sentences[at] ??= { text: "…", source: [], warnings: [] };
  return { ...briefs, [tag]: { language: tag, sentences, settled: false } };
}

// The briefs of a second try beside those of the first, of which nothing is taken away before the
// second has as much.
export function withSecondTry(first, second) {
  const both = { ...second, ...first };
  for (const [tag, brief] of Object.entries(second)) {
    const before = first[tag];
    if (!before || brief.settled || (!before.settled && brief.sentences.length >= before.sentences.length))
      both[tag] = brief;
  }
  return both;
}

export const withAnswer = (answer) =>
  Object.fromEntries(
    Object.entries(answer.summaries).map(([tag, brief]) => [tag, { ...brief, settled: true }]),
  );

const overlap = (one, other) => one.start < other.end && other.start < one.end;

export const sameSource = (one, other) =>
  one.source.some((span) => other.source.some((theirs) => overlap(span, theirs)));

// The sentences of `briefs` that say what the one at `place` ({tag, position}) says, itself too,
// as "tag:position".
export function relatives(briefs, place) {
  const sentence = place && briefs[place.tag]?.sentences?.[place.position];
  const found = new Set();
  if (!sentence) return found;
  for (const [tag, brief] of Object.entries(briefs))
    brief.sentences.forEach((other, position) => {
      const self = tag === place.tag && position === place.position;
      if (self || (tag !== place.tag && sameSource(sentence, other))) found.add(`${tag}:${position}`);
    });
  return found;
}

// The brief whose sentences number the passages: the first one that says where they are.
const numbering = (briefs) =>
  Object.values(briefs).find((one) => one.sentences?.some((it) => it.source.length));

// The number of a sentence is that of its passage: a brief may lack a sentence that another has.
export function numberOf(briefs, sentence, position) {
  const found = numbering(briefs)?.sentences.findIndex((one) => sameSource(one, sentence)) ?? -1;
  return (found < 0 ? position : found) + 1;
}

// The passages of the article that the briefs come from, in UTF-16 units of `text`.
export function passagesOf(briefs, text) {
  const index = indexer(text);
  const brief = numbering(briefs);
  if (!brief) return [];
  return brief.sentences.flatMap((sentence, position) =>
    sentence.source.map(({ start, end }) => ({
      start: index(start),
      end: index(end),
      tag: brief.language,
      position,
    })),
  );
}

export function sourceText(sentence, text) {
  const index = indexer(text);
  return sentence.source.map(({ start, end }) => text.slice(index(start), index(end))).join(" … ");
}

// All names that the briefs and their article have, each once: {source, target, from, absent}. An
// `absent` one is in no brief; one that nothing renders has no target.
export function namesOf(briefs) {
  const found = new Map();
  const add = (name) => found.has(name.source) || found.set(name.source, name);
  for (const brief of Object.values(briefs)) (brief.names ?? []).forEach(add);
  for (const brief of Object.values(briefs))
    for (const name of brief.article_names ?? []) add({ ...name, absent: true });
  return [...found.values()];
}

// The pieces of a sentence's text, each with the marks that lie on it: {kind: "name" | "number" |
// "warning", …}. `numbers` are what the service found of this sentence; nothing is marked in
// `markup`, which are the places of tags.
export function marked(sentence, { translated, names, numbers = [], markup = [] }) {
  const index = indexer(sentence.text);
  const spans = [];
  const longest = [...names].sort((a, b) => form(b, translated).length - form(a, translated).length);
  for (const name of longest)
    for (const place of occurrences(sentence.text, form(name, translated)))
      if (![...spans, ...markup].some((span) => overlap(span, place))) spans.push({ ...place, kind: "name", name });
  for (const one of numbers)
    spans.push({ start: index(one.start), end: index(one.end), kind: "number", number: one });
  for (const warning of sentence.warnings ?? [])
    if (warning.span)
      spans.push({ start: index(warning.span.start), end: index(warning.span.end), kind: "warning" });
  return cut(sentence.text, spans);
}

const form = (name, translated) => (translated ? name.target : name.source);

// The names and numbers of a sentence, each once, for its details.
export function evidenceOf(pieces) {
  const seen = new Map();
  for (const piece of pieces)
    for (const span of piece.spans) {
      if (span.kind === "name") seen.set(`name ${span.name.source}`, span);
      if (span.kind === "number") seen.set(`number ${span.start}`, span);
    }
  return [...seen.values()];
}
