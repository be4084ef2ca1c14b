// The codes of warnings and reasons in words; the service's own message follows where it says more.
import { currentLocale, told } from "./i18n.js";

const WORDS = {
  language: ["A word of another language", "有外文词"],
  number: ["A number differs from the article’s", "数字与原文不符"],
  cut: ["The sentence does not end", "句子不完整"],
  echo: ["A long run is copied", "大段照抄"],
  headline: ["Says no more than the headline", "与标题重复"],
  repetition: ["Something is repeated", "有重复"],
  length: ["Much longer or shorter than its source", "长短与原文相差很大"],
  name: ["A name differs from the article’s, or is lost", "名称与原文不符或缺失"],
  term: ["A term of the glossary or the news is not kept", "未按术语表或新闻用语翻译"],
  tag: ["A tag is lost or misplaced", "标签丢失或错位"],
  empty: ["There is no translation", "没有译文"],
  reply: ["An answer to the sentence in place of its translation", "是对句子的回答，不是译文"],
  reference: ["He, this and the like may point to somebody not named here", "代词所指可能不在简报里"],
  date: ["A date or time differs", "日期或时间不符"],
  role: ["An office or role differs", "职务不符"],
  modality: ["A plan or possibility is stated as a fact", "把计划或可能说成事实"],
  negation: ["A “not” is lost or added", "否定词丢失或多出"],
  quantifier: ["All, some, most: differs", "全部、部分、多数：与原文不符"],
  who: ["Who did what may be confused", "谁做了什么可能弄错"],
  direction: ["Rose or fell, opened or closed: reversed", "升降、开闭可能颠倒"],
  attribution: ["Who said it may differ", "话是谁说的可能弄错"],
  apposition: ["Who somebody is may differ", "身份说明可能不符"],
  claim: ["First, only, largest: the article does not say so", "首个、唯一、最大：原文没有这样说"],
  unsupported: ["No sentence of the article says this", "原文没有这样的句子"],
  instruction: ["Only an instruction in the article says this", "只见于文中夹带的指令"],
  unverified: ["A name could not be verified", "有名称未能核实"],
  long: ["A long sentence: who did what is often confused", "句子较长，谁做了什么容易弄错"],
  unlikely: ["The model itself is unsure of this translation", "模型自己对这句译文没有把握"],
  unmatched: ["Many words have no counterpart in the source", "许多词语在原文中找不到对应"],
};

export const reasonInWords = (code) => WORDS[code]?.[currentLocale() === "zh" ? 1 : 0] ?? code;

// A warning in words, and what the service says of it: {text, message}. What cannot be said in the
// language of the page is left out, as the words of the code say it too.
export function warningInWords(code, message) {
  const { text, lang } = told(message);
  return { text: reasonInWords(code), message: lang && WORDS[code] ? "" : text };
}

// What stands beside a sentence: each warning once, then the reasons that no warning gives.
export function notesOf(sentence) {
  const warned = sentence.warnings ?? [];
  const codes = new Set(warned.map((warning) => warning.code));
  return [
    ...warned.map(({ code, message }) => ({ code, ...warningInWords(code, message) })),
    ...(sentence.reasons ?? [])
      .filter((code) => !codes.has(code))
      .map((code) => ({ code, text: reasonInWords(code), message: "" })),
  ];
}
