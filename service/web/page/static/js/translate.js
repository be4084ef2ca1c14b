// Text to text, HTML preserved, with the same marks as in the briefs.
import { html, useEffect, useRef, useState } from "./ui.js";
import { Problem, postJson } from "./api.js";
import { GlossaryChoice } from "./composer.js";
import { has, t } from "./i18n.js";
import { copy } from "./output.js";
import { marked } from "./model.js";
import { Marked } from "./sentence.js";
import { isChinese, markupOf } from "./text.js";
import { ProblemView } from "./problem_view.js";
import { unsaved } from "./session.js";
import { warningInWords } from "./warnings.js";

const TARGETS = ["en", "zh-Hans", "zh-Hant", "zh-TW", "zh-HK"];
const MARKUP = /<\/?[a-z][^<>]*>/i;
const nameOf = (tag) => (tag === "en" ? t("compose.english") : `${t("compose.chinese")} · ${t(`script.${tag}`)}`);

export function TranslateView({ hidden, settings, glossaries }) {
  const area = useRef();
  const work = useRef(null);
  const [target, setTarget] = useState(""); // empty: the other language than the text's
  const [markup, setMarkup] = useState(false);
  const glossary = glossaries.chosen;
  const [run, setRun] = useState({ phase: "idle" });
  const [said, setSaid] = useState("");

  async function translate(event) {
    event?.preventDefault();
    const q = area.current.value;
    if (!q.trim()) return area.current.focus();
    work.current?.abort();
    const control = new AbortController();
    work.current = control;
    const into = target || (isChinese(markup ? withoutTags(q) : q) ? "en" : settings.bare_zh);
    setRun({ phase: "running" });
    setSaid(t("translate.working"));
    try {
      const body = { q, source: "auto", target: into, format: markup ? "html" : "text" };
      const answer = await postJson("/translate", glossary ? { ...body, glossary } : body, { signal: control.signal });
      if (work.current !== control) return null;
      setRun({ phase: "done", answer, into, markup, numbers: [] });
      setSaid(t("translate.ready"));
      findNumbers(q, answer.translatedText, markup).then(
        (numbers) => work.current === control && setRun((before) => ({ ...before, numbers })),
        () => {}, // without them the translation is as good
      );
    } catch (error) {
      if (work.current !== control) return null;
      setSaid("");
      setRun({ phase: "failed", problem: error instanceof Problem ? error : new Problem("other") });
    }
    return null;
  }

  useEffect(() => {
    area.current.value = unsaved.read("translation") ?? "";
    seen();
    const save = () => unsaved.write("translation", area.current.value || null);
    addEventListener("pagehide", save);
    return () => removeEventListener("pagehide", save);
  }, []);

  const seen = () => setMarkup(MARKUP.test(area.current.value));
  const { phase, answer, into, numbers, problem } = run;
  return html`<div class="desk even" hidden=${hidden}>
    <form class="left composer" onSubmit=${translate}>
      <header class="panel-head"><h2>${t("translate.title")}</h2></header>
      <label class="visually-hidden" for="translate-text">${t("translate.source")}</label>
      <textarea id="translate-text" ref=${area} placeholder=${t("translate.placeholder")} spellcheck=${false} onInput=${seen}></textarea>
      <div class="options">
        <label class="field">${t("translate.target")}
          <select value=${target} onChange=${(event) => setTarget(event.target.value)}>
            <option value="">${t("translate.auto")}</option>
            ${TARGETS.map((tag) => html`<option value=${tag}>${nameOf(tag)}</option>`)}
          </select>
        </label>
        <${GlossaryChoice} glossaries=${glossaries} />
        <label class="check"><input type="checkbox" checked=${markup} onChange=${(event) => setMarkup(event.target.checked)} /> ${t("translate.html")}</label>
      </div>
      <p class="buttons">
        <button type="submit" class="primary">${t("translate.go")}</button>
        ${phase === "running" && html`<button type="button" onClick=${() => work.current.abort()}>${t("compose.stop")}</button>`}
      </p>
    </form>
    <section class="right" aria-labelledby="translation-title">
      <header class="panel-head">
        <h2 id="translation-title">${t("translate.result")}</h2>
        ${phase === "done" && html`<button type="button" class="small" onClick=${async () => setSaid(t((await copy(answer.translatedText, markup ? "html" : "plain")) ? "out.copied" : "out.copyFailed", { format: t(markup ? "out.html" : "out.plain") }))}>${t("translate.copy")}</button>`}
      </header>
      <p role="status" class=${phase === "running" ? "quiet waiting" : "quiet"}>${said}</p>
      <${ProblemView} problem=${problem} onAgain=${problem && (() => translate())} />
      ${phase === "idle" && html`<p class="quiet">${t("translate.none")}</p>`}
      ${phase === "done" && html`<${Result} answer=${answer} numbers=${numbers} lang=${into} markup=${run.markup} />`}
    </section>
  </div>`;
}

const MOST_PAIRS = 100;
// Tags as blanks: what stands after them keeps its place, and its line.
function withoutTags(text) {
  let result = "";
  let from = 0;
  for (const { start, end } of markupOf(text)) {
    const blank = [...text.slice(start, end)].map((one) => (one === "\n" ? one : " ")).join("");
    result += text.slice(from, start) + blank;
    from = end;
  }
  return result + text.slice(from);
}

// The numbers of a translation and what they are in the text, line by line where both have as many
// lines, else as a whole; `start` and `end` are in characters of the translation.
async function findNumbers(text, translation, markup) {
  const [source, target] = [text, translation].map(markup ? withoutTags : (one) => one);
  let [from, to] = [source, target].map((one) => one.split("\n"));
  if (from.length !== to.length || from.length > MOST_PAIRS) [from, to] = [[source], [target]];
  const pairs = to.map((line, at) => ({ source: from[at], text: line }));
  const { numbers } = await postJson("/page/numbers", { pairs });
  let begins = 0;
  return to.flatMap((line, at) => {
    const here = begins;
    begins += [...line].length + 1;
    return numbers[at].map((one) => ({ ...one, start: here + one.start, end: here + one.end }));
  });
}

// The warnings of each sentence: [[sentence, warnings], …].
function bySentence(warnings) {
  const found = new Map();
  for (const one of warnings) found.set(one.source, [...(found.get(one.source) ?? []), one]);
  return [...found];
}

function Result({ answer, numbers, lang, markup }) {
  const { translatedText: text, names = [], warnings = [] } = answer;
  const pieces = marked({ text }, { translated: true, names, numbers, markup: markup ? markupOf(text) : [] });
  return html`
    <pre class="translation" lang=${lang}><${Marked} pieces=${pieces} words="mark.numberOfText" /></pre>
    ${names.length > 0 && html`<table>
      <caption class="visually-hidden">${t("names.title")}</caption>
      <thead><tr><th scope="col">${t("translate.inText")}</th><th scope="col">${t("names.target")}</th><th scope="col">${t("names.from")}</th></tr></thead>
      <tbody>${names.map((name) => html`<tr><td>${name.source}</td><td lang=${lang}>${name.target}</td><td class=${`from ${name.from}`}>${has(`from.${name.from}`) ? t(`from.${name.from}`) : name.from}</td></tr>`)}</tbody>
    </table>`}
    ${warnings.length > 0 && html`<h3>${t("translate.warnings")}</h3>
      <ul class="notes">${bySentence(warnings).map(([source, theirs]) => html`<li class="note">
        <blockquote>${source}</blockquote>
        ${theirs.map((one) => {
          const { text: words, message } = warningInWords(one.flag, one.message);
          return html`<p>${words}${message && html`<span class="message"> ${message}</span>`}</p>`;
        })}
      </li>`)}</ul>`}
  `;
}
