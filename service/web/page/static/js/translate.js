// Text to text, HTML preserved, with the same marks as in the briefs.
import { html, useRef, useState } from "./ui.js";
import { Problem, postJson } from "./api.js";
import { has, t } from "./i18n.js";
import { copy } from "./output.js";
import { cut, isChinese, occurrences } from "./text.js";
import { ProblemView } from "./problem_view.js";
import { reasonInWords } from "./warnings.js";

const TARGETS = ["en", "zh-Hans", "zh-Hant", "zh-TW", "zh-HK"];
const MARKUP = /<\/?[a-z][^<>]*>/i;
const nameOf = (tag) => (tag === "en" ? t("compose.english") : `${t("compose.chinese")} · ${t(`script.${tag}`)}`);

export function TranslateView({ hidden, settings, glossaries }) {
  const area = useRef();
  const work = useRef(null);
  const [target, setTarget] = useState(""); // empty: the other language than the text's
  const [markup, setMarkup] = useState(false);
  const [glossary, setGlossary] = useState("");
  const [run, setRun] = useState({ phase: "idle" });
  const [said, setSaid] = useState("");

  async function translate(event) {
    event?.preventDefault();
    const q = area.current.value;
    if (!q.trim()) return area.current.focus();
    work.current?.abort();
    const control = new AbortController();
    work.current = control;
    const into = target || (isChinese(q) ? "en" : settings.bare_zh);
    setRun({ phase: "running" });
    setSaid(t("translate.working"));
    try {
      const body = { q, source: "auto", target: into, format: markup ? "html" : "text" };
      const answer = await postJson("/translate", glossary ? { ...body, glossary } : body, { signal: control.signal });
      if (work.current !== control) return null;
      setRun({ phase: "done", answer, into });
      setSaid(t("translate.ready"));
    } catch (error) {
      if (work.current !== control) return null;
      setSaid("");
      setRun({ phase: "failed", problem: error instanceof Problem ? error : new Problem("other") });
    }
    return null;
  }

  const seen = () => setMarkup(MARKUP.test(area.current.value));
  const { phase, answer, into, problem } = run;
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
        ${glossaries.length > 0 && html`<label class="field">${t("compose.glossary")}
          <select value=${glossary} onChange=${(event) => setGlossary(event.target.value)}>
            <option value="">${t("compose.noGlossary")}</option>
            ${glossaries.map((name) => html`<option value=${name}>${name}</option>`)}
          </select>
        </label>`}
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
      ${phase === "done" && html`<${Result} answer=${answer} lang=${into} />`}
    </section>
  </div>`;
}

function Result({ answer, lang }) {
  const { translatedText: text, names = [], warnings = [] } = answer;
  const spans = [];
  for (const name of [...names].sort((a, b) => b.target.length - a.target.length))
    for (const place of occurrences(text, name.target))
      if (!spans.some((one) => one.start < place.end && place.start < one.end)) spans.push({ ...place, name });
  return html`
    <pre class="translation" lang=${lang}>${cut(text, spans).map((piece) => {
      const name = piece.spans[0]?.name;
      if (!name) return piece.text;
      const title = t("mark.name", { ...name, from: t(`from.${name.from}`) });
      return html`<mark class="name" title=${title}>${piece.text}</mark>`;
    })}</pre>
    ${names.length > 0 && html`<table>
      <caption class="visually-hidden">${t("names.title")}</caption>
      <thead><tr><th scope="col">${t("names.source")}</th><th scope="col">${t("names.target")}</th><th scope="col">${t("names.from")}</th></tr></thead>
      <tbody>${names.map((name) => html`<tr><td>${name.source}</td><td lang=${lang}>${name.target}</td><td class=${`from ${name.from}`}>${has(`from.${name.from}`) ? t(`from.${name.from}`) : name.from}</td></tr>`)}</tbody>
    </table>`}
    ${warnings.length > 0 && html`<h3>${t("translate.warnings")}</h3>
      <ul class="notes">${warnings.map((one) => html`<li class="note">
        <blockquote>${one.source}</blockquote>
        ${reasonInWords(one.flag)}<span class="message" lang="en"> ${one.message}</span>
      </li>`)}</ul>`}
  `;
}
