// The words of the interface, in English and Chinese.
import { en } from "./words_en.js";
import { zh } from "./words_zh.js";
import { preferences } from "./session.js";

const words = { en, zh };
let locale = "en";

export const currentLocale = () => locale;

export function setLocale(name) {
  locale = name in words ? name : "en";
  document.documentElement.lang = locale === "zh" ? "zh-Hans" : "en";
}

export const preferredLocale = () =>
  preferences.get("locale") ?? (navigator.language.startsWith("zh") ? "zh" : "en");

// The text `name` with the values put in: "{count} {count|term|terms}".
export const t = (name, values = {}) =>
  (words[locale][name] ?? words.en[name] ?? name)
    .replace(/\{(\w+)\|([^|}]*)\|([^}]*)\}/g, (_, key, one, many) => (String(values[key]) === "1" ? one : many))
    .replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));

export const has = (name) => name in words[locale];
export const number = (value) => value.toLocaleString(locale === "zh" ? "zh-CN" : "en");
export const percent = (share) => `${Math.floor(share * 100)}%`;
export const time = (iso) =>
  new Date(iso).toLocaleString(locale === "zh" ? "zh-CN" : "en", {
    dateStyle: "medium",
    timeStyle: "short",
  });

// The fields that a reader of the page has filled in without knowing their names.
const UNNAMED = new Set(["text", "html", "url", "file", "q", "glossary", "body"]);

// A Problem in words: what happened, and what the service said of it.
export function describe(problem) {
  const type = problem.type?.split(":").pop();
  const known = [`problem.${type}`, `problem.${problem.kind}`].find(has);
  const retry = problem.retryAfter ? t("problem.retry", { seconds: problem.retryAfter }) : "";
  const plain = problem.errors.length && problem.errors.every((error) => UNNAMED.has(error.field));
  const detail = plain ? problem.errors.map((error) => error.message).join("; ") : problem.detail;
  return { title: known ? t(known) : problem.title || t("problem.other"), detail, retry };
}
