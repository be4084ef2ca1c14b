// The named glossaries: listed for all, changed where the operator and the key allow it.
import { html, useEffect, useRef, useState } from "./ui.js";
import { Problem, getJson, postJson, request } from "./api.js";
import { number, t } from "./i18n.js";
import { download } from "./output.js";
import { decode } from "./text.js";
import { ProblemView } from "./problem_view.js";

const DIRECTIONS = ["en-zh", "zh-en"];
const SHOWN = 200;
const TYPES = { tsv: "text/tab-separated-values", csv: "text/csv" };

const pathOf = (name, direction) => `/glossaries/${encodeURIComponent(name)}/${direction}`;

export const NO_GLOSSARIES = { editable: false, glossaries: [] };
export const listGlossaries = () => getJson("/glossaries");
export const namesOfGlossaries = (listed) => [...new Set(listed.glossaries.map((one) => one.name))];

// Write changes ({source: target, or null to take it out}) into a glossary, which is made if there
// is none.
export const changeGlossary = (name, direction, terms) =>
  postJson(pathOf(name, direction), { terms }, { method: "PATCH" });

// The terms of a named glossary as an object; none if it has none for this direction.
export async function termsOf(name, direction) {
  try {
    return Object.fromEntries((await getJson(pathOf(name, direction))).terms);
  } catch (problem) {
    if (problem.kind === 404) return {};
    throw problem;
  }
}

export function GlossariesView({ hidden, listed, reload }) {
  const [problem, setProblem] = useState(null);
  const [open, setOpen] = useState("");
  const attempt = async (work) => {
    setProblem(null);
    try {
      await work();
      await reload();
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem("other"));
    }
  };
  return html`<div class="narrow" hidden=${hidden}>
    <h2>${t("glossaries.title")}</h2>
    <p class="quiet">${t(listed.editable ? "glossaries.hint" : "glossaries.fixed")}</p>
    ${listed.editable && html`<${NewGlossary} attempt=${attempt} onProblem=${setProblem} onMade=${setOpen} />`}
    <${ProblemView} problem=${problem} />
    ${listed.glossaries.length === 0 && html`<p class="quiet">${t("glossaries.none")}</p>`}
    ${listed.glossaries.map((one) => {
      const key = `${one.name} ${one.direction}`;
      return html`<${Glossary}
        key=${key}
        info=${one}
        editable=${listed.editable}
        open=${open === key}
        onOpen=${() => setOpen(open === key ? "" : key)}
        attempt=${attempt}
      />`;
    })}
  </div>`;
}

// "rivers.en-zh.tsv" and "rivers.csv" are called rivers.
const nameOf = (file) =>
  file
    .replace(/(\.(en-zh|zh-en))?\.(tsv|csv)$/i, "")
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 64);

function NewGlossary({ attempt, onProblem, onMade }) {
  const [name, setName] = useState("");
  const [direction, setDirection] = useState(DIRECTIONS[0]);
  const put = (called, body, type) =>
    attempt(async () => {
      await request(pathOf(called, direction), { method: "PUT", body, headers: { "Content-Type": type } });
      onMade(`${called} ${direction}`);
      setName("");
    });
  async function upload(file) {
    const type = TYPES[file.name.split(".").pop().toLowerCase()];
    if (!type) return onProblem(new Problem("page", { detail: t("problem.file", { name: file.name, kinds: ".tsv, .csv" }) }));
    const called = name.trim() || nameOf(file.name);
    if (!called) return onProblem(new Problem("page", { detail: t("glossaries.noName") }));
    return put(called, decode(new Uint8Array(await file.arrayBuffer())), type);
  }
  return html`<form class="sheet" onSubmit=${(event) => {
    event.preventDefault();
    put(name.trim(), "", TYPES.tsv);
  }}>
    <h3>${t("glossaries.new")}</h3>
    <div class="options">
      <label class="field">${t("glossaries.name")}
        <input type="text" required maxlength="64" pattern="[A-Za-z0-9_\\-](?:[A-Za-z0-9._\\-]*[A-Za-z0-9_\\-])?" title=${t("glossaries.nameHint")} value=${name} onInput=${(event) => setName(event.target.value)} />
      </label>
      <label class="field">${t("glossaries.direction")}
        <select value=${direction} onChange=${(event) => setDirection(event.target.value)}>
          ${DIRECTIONS.map((one) => html`<option value=${one}>${t(`direction.${one}`)}</option>`)}
        </select>
      </label>
      <button type="submit">${t("glossaries.make")}</button>
      <label class="button">${t("glossaries.upload")}
        <input type="file" class="visually-hidden" accept=".tsv,.csv" onChange=${(event) => {
          const [file] = event.target.files;
          event.target.value = "";
          if (file) upload(file);
        }} />
      </label>
    </div>
    <p class="quiet">${t("glossaries.fileHint")}</p>
  </form>`;
}

function Glossary({ info, editable, open, onOpen, attempt }) {
  const { name, direction } = info;
  const [terms, setTerms] = useState(null);
  const [filter, setFilter] = useState("");
  const [asking, setAsking] = useState(false);
  const path = pathOf(name, direction);
  useEffect(() => {
    if (open) attempt(async () => setTerms((await getJson(path)).terms));
  }, [open, info.terms]);
  // one after the other, so that the terms shown are those of the last answer
  const changing = useRef(Promise.resolve());
  const change = (changes) => {
    const send = async () => setTerms((await changeGlossary(name, direction, changes)).terms);
    changing.current = changing.current.then(() => attempt(send));
  };
  const save = () =>
    attempt(async () => {
      const rows = (await getJson(path)).terms.map((row) => row.join("\t"));
      download(`${name}.${direction}.tsv`, `source\ttarget\n${rows.join("\n")}\n`, TYPES.tsv);
    });
  const found = (terms ?? []).filter((row) => row.some((cell) => cell.toLowerCase().includes(filter.toLowerCase())));
  const heading = `glossary-${name}-${direction}`;
  return html`<section class="sheet" aria-labelledby=${heading}>
    <header>
      <h3 id=${heading}>${name}</h3>
      <span class="quiet">${t(`direction.${direction}`)}</span>
      <span class="quiet">${t("glossaries.terms", { count: number(info.terms) })}</span>
    </header>
    <p class="buttons">
      <button type="button" class="small" aria-expanded=${open ? "true" : "false"} onClick=${onOpen}>${t(editable ? "glossaries.edit" : "glossaries.show")}</button>
      <button type="button" class="small" onClick=${save}>${t("out.download")}</button>
      ${editable && !asking && html`<button type="button" class="small" onClick=${() => setAsking(true)}>${t("jobs.remove")}</button>`}
      ${asking && html`<span>${t("glossaries.sure", { name })}</span>
        <button type="button" class="small" onClick=${() => attempt(() => request(path, { method: "DELETE" }))}>${t("glossaries.yes")}</button>
        <button type="button" class="small" onClick=${() => setAsking(false)}>${t("key.cancel")}</button>`}
    </p>
    ${open && terms && html`
      ${terms.length > 10 && html`<label class="field">${t("glossaries.filter")}<input type="text" value=${filter} onInput=${(event) => setFilter(event.target.value)} /></label>`}
      <table>
        <caption class="visually-hidden">${t("glossaries.of", { name })}</caption>
        <thead><tr><th scope="col">${t("glossaries.source")}</th><th scope="col">${t("glossaries.target")}</th><td></td></tr></thead>
        <tbody>
          ${found.slice(0, SHOWN).map(([source, target]) => html`<${Term} key=${source} source=${source} target=${target} editable=${editable} onChange=${change} />`)}
          ${editable && html`<${NewTerm} onChange=${change} />`}
        </tbody>
      </table>
      ${found.length > SHOWN && html`<p class="quiet">${t("glossaries.more", { shown: SHOWN, count: number(found.length) })}</p>`}
    `}
  </section>`;
}

function Term({ source, target, editable, onChange }) {
  const [draft, setDraft] = useState(null);
  const settle = () => {
    const given = (draft ?? "").trim();
    setDraft(null);
    if (given && given !== target) onChange({ [source]: given });
  };
  if (!editable) return html`<tr><td>${source}</td><td>${target}</td><td></td></tr>`;
  return html`<tr>
    <td>${source}</td>
    <td><input value=${draft ?? target} aria-label=${t("names.edit", { source })} onInput=${(event) => setDraft(event.target.value)} onBlur=${settle} onKeyDown=${(event) => event.key === "Enter" && settle()} /></td>
    <td><button type="button" class="small" aria-label=${t("glossaries.out", { source })} onClick=${() => onChange({ [source]: null })}>×</button></td>
  </tr>`;
}

function NewTerm({ onChange }) {
  const [source, setSource] = useState("");
  const [target, setTarget] = useState("");
  const add = () => {
    if (!source.trim() || !target.trim()) return;
    onChange({ [source.trim()]: target.trim() });
    setSource("");
    setTarget("");
  };
  const onKeyDown = (event) => event.key === "Enter" && add();
  return html`<tr class="add">
    <td><input value=${source} aria-label=${t("glossaries.newSource")} placeholder=${t("glossaries.newSource")} onInput=${(event) => setSource(event.target.value)} onKeyDown=${onKeyDown} /></td>
    <td><input value=${target} aria-label=${t("glossaries.newTarget")} placeholder=${t("glossaries.newTarget")} onInput=${(event) => setTarget(event.target.value)} onKeyDown=${onKeyDown} /></td>
    <td><button type="button" class="small" onClick=${add}>${t("names.add")}</button></td>
  </tr>`;
}

// Saves the corrections of a brief.
export function KeepCorrections({ corrections, direction, suggested, house, onKept }) {
  const [name, setName] = useState(suggested || "house");
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState(null);
  const count = Object.keys(corrections).length;
  if (!count) return null;
  const keep = async (event) => {
    event.preventDefault();
    setProblem(null);
    setSaid("");
    try {
      await changeGlossary(name.trim(), direction, corrections);
      setSaid(t(name.trim() === house ? "names.savedForAll" : "names.saved", { count, name: name.trim() }));
      onKept(name.trim());
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem("other"));
    }
  };
  return html`<form class="keep" onSubmit=${keep}>
    <label class="field">${t("names.glossary")}<input type="text" required maxlength="64" value=${name} onInput=${(event) => setName(event.target.value)} /></label>
    <button type="submit">${t("names.save")}</button>
    <p class="quiet">${t("names.saveHint")}</p>
    <p role="status" class="quiet">${said}</p>
    <${ProblemView} problem=${problem} />
  </form>`;
}
