// The names and terms of the article and their renderings, to correct and to keep.
import { html, useState } from "./ui.js";
import { number, t } from "./i18n.js";

const SHOWN = 30;

// `terms` are [{source, target, from, absent}]; `onCorrect(source, target)` takes a correction. The
// names that no brief has stand behind the others.
export function Names({ terms, lang, onCorrect, keep }) {
  const [added, setAdded] = useState({ source: "", target: "" });
  const [all, setAll] = useState(false);
  const absent = terms.filter((term) => term.absent);
  const shown = all ? absent : absent.slice(0, SHOWN);
  const rows = (some) => some.map((term) => html`<${Row} key=${term.source} term=${term} lang=${lang} onCorrect=${onCorrect} />`);
  const add = (event) => {
    event.preventDefault();
    const [source, target] = [added.source.trim(), added.target.trim()];
    if (!source || !target) return;
    onCorrect(source, target);
    setAdded({ source: "", target: "" });
  };
  return html`<section class="names" aria-labelledby="names-title">
    <h3 id="names-title">${t("names.title")}</h3>
    <p class="quiet">${t(terms.length ? "names.hint" : "names.none")}</p>
    <form id="add-term" onSubmit=${add}></form>
    <table>
      <thead><tr>
        <th scope="col">${t("names.source")}</th>
        <th scope="col">${t("names.target")}</th>
        <th scope="col">${t("names.from")}</th>
      </tr></thead>
      <tbody>
        ${rows(terms.filter((term) => !term.absent))}
        ${absent.length > 0 && html`<tr class="group"><th scope="rowgroup" colspan="3">${t("names.absent")}</th></tr>`}
        ${rows(shown)}
        ${shown.length < absent.length && html`<tr><td colspan="3"><button type="button" class="small" onClick=${() => setAll(true)}>${t("names.all", { count: number(absent.length) })}</button></td></tr>`}
        <tr class="add">
          <td><input form="add-term" value=${added.source} aria-label=${t("names.newSource")} placeholder=${t("names.newSource")}
            onInput=${(event) => setAdded({ ...added, source: event.target.value })} /></td>
          <td><input form="add-term" value=${added.target} aria-label=${t("names.newTarget")} placeholder=${t("names.newTarget")}
            onInput=${(event) => setAdded({ ...added, target: event.target.value })} /></td>
          <td><button form="add-term" type="submit" class="small">${t("names.add")}</button></td>
        </tr>
      </tbody>
    </table>
    ${keep}
  </section>`;
}

function Row({ term, lang, onCorrect }) {
  const [draft, setDraft] = useState(null);
  const origin = term.from ?? "unknown";
  const settle = () => {
    const target = (draft ?? "").trim();
    setDraft(null);
    if (target && target !== term.target) onCorrect(term.source, target);
  };
  return html`<tr>
    <td>${term.source}</td>
    <td><input
      lang=${lang}
      value=${draft ?? term.target ?? ""}
      placeholder=${t("from.unknown")}
      aria-label=${t("names.edit", { source: term.source })}
      onInput=${(event) => setDraft(event.target.value)}
      onBlur=${settle}
      onKeyDown=${(event) => {
        if (event.key === "Enter") settle();
        if (event.key === "Escape") setDraft(null);
      }}
    /></td>
    <td class=${`from ${origin}`}>${t(`from.${origin}`)}</td>
  </tr>`;
}
