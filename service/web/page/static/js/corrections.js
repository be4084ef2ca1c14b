// A corrected rendering, put into briefs that are there already. Pure functions.
import { occurrences } from "./text.js";

// `text` with `from` written as `to`, but where it is part of a longer one of `others`.
export function rewritten(text, from, to, others = []) {
  const longer = others.filter((other) => other !== from && other.includes(from));
  const kept = longer.flatMap((other) => occurrences(text, other));
  let result = "";
  let at = 0;
  for (const place of occurrences(text, from)) {
    if (kept.some((one) => one.start <= place.start && place.end <= one.end)) continue;
    result += text.slice(at, place.start) + to;
    at = place.end;
  }
  return result + text.slice(at);
}

// Briefs in which the name `source` is called `target`. Where its rendering is not known, nothing
// can be replaced, and the next translation brings it.
export function corrected(briefs, source, target) {
  return Object.fromEntries(
    Object.entries(briefs).map(([tag, brief]) => [tag, inBrief(brief, source, target)]),
  );
}

function inBrief(brief, source, target) {
  const name = (brief.names ?? []).find((one) => one.source === source);
  if (!brief.machine_translated) return brief;
  const renamed = (one) => (one.source === source ? { ...one, target, from: "correction" } : one);
  const listed = brief.article_names && { article_names: brief.article_names.map(renamed) };
  if (!name || name.target === target) return { ...brief, ...listed };
  const others = brief.names.map((one) => one.target);
  const write = (text) => rewritten(text, name.target, target, others);
  return {
    ...brief,
    ...listed,
    text: write(brief.text),
    sentences: brief.sentences.map((sentence) => ({
      ...sentence,
      text: write(sentence.text),
      // positions hold no longer if the text before them has another length
      warnings: sentence.warnings.map(({ span, ...warning }) => warning),
    })),
    names: brief.names.map(renamed),
  };
}
