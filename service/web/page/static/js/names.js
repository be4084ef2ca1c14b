// The names and terms of the article and their renderings, to correct and to keep.
import { html, useState } from "./ui.js";
import { t } from "./i18n.js";

// `terms` are [{source, target, from}]; `onCorrect(source, target)` takes a correction.
export function Names({ terms, lang, onCorrect, keep }) {
  const [added, setAdded] = useState({ source: "", target: "" });
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
        ${terms.map((term) => html`<${Row} key=${term.source} term=${term} lang=${lang} onCorrect=${onCorrect} />`)}
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
  const settle = () => {
    const target = (draft ?? "").trim();
    setDraft(null);
    if (target && target !== term.target) onCorrect(term.source, target);
  };
  return html`<tr>
    <td>${term.source}</td>
    <td><input
      lang=${lang}
      value=${draft ?? term.target}
      aria-label=${t("names.edit", { source: term.source })}
      onInput=${(event) => setDraft(event.target.value)}
      onBlur=${settle}
      onKeyDown=${(event) => {
        if (event.key === "Enter") settle();
        if (event.key === "Escape") setDraft(null);
      }}
    /></td>
    <td class=${`from ${term.from}`}>${t(`from.${term.from}`)}</td>
  </tr>`;
}
