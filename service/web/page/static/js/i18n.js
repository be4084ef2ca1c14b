// The words of the interface, in English and Chinese.
import { en } from "./words_en.js";
import { zh } from "./words_zh.js";
import { inChinese } from "./messages_zh.js";
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

// What the service says, in the language of the page: {text, lang}, where `lang` is set if it could
// not be put into that language.
export function told(message) {
  if (locale === "en" || !message) return { text: message, lang: null };
  const chinese = inChinese(message);
  return chinese === null ? { text: message, lang: "en" } : { text: chinese, lang: null };
}

// The fields that a reader of the page has filled in without knowing their names.
const UNNAMED = new Set(["text", "html", "url", "file", "q", "glossary", "body"]);

// A Problem in words: what happened, and what the service said of it.
export function describe(problem) {
  const type = problem.type?.split(":").pop();
  const known = [`problem.${type}`, `problem.${problem.kind}`].find(has);
  const retry = problem.retryAfter ? t("problem.retry", { seconds: problem.retryAfter }) : "";
  const plain = problem.errors.length && problem.errors.every((error) => UNNAMED.has(error.field));
  const said = plain ? problem.errors.map((error) => error.message) : [problem.detail];
  const details = problem.kind === "page" ? [{ text: problem.detail, lang: null }] : said.map(told);
  return {
    title: known ? t(known) : locale === "en" && problem.title ? problem.title : t("problem.other"),
    detail: details.map((one) => one.text).join(locale === "en" ? "; " : "；"),
    lang: details.some((one) => one.lang) ? "en" : null,
    retry,
  };
}
