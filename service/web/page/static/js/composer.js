// Where an article is pasted, opened or named, and what is wanted of it.
import { html, useEffect, useRef, useState } from "./ui.js";
import { number, t } from "./i18n.js";
import { preferences, unsaved } from "./session.js";
import { decode } from "./text.js";

const SCRIPTS = ["zh-Hans", "zh-Hant", "zh-TW", "zh-HK"];
const STYLES = ["paragraph", "bullets", "headline"];
const LENGTHS = ["short", "medium", "long"];
const HTML_FILE = /\.html?$/i;
const TEXT_FILE = /\.(txt|md|text)$/i;

export function readOptions(bareZh) {
  const initial = { english: true, chinese: true, script: bareZh, style: "paragraph", length: "medium" };
  try {
    return { ...initial, ...JSON.parse(preferences.get("options") ?? "{}") };
  } catch {
    return initial;
  }
}

export const languagesOf = (options) => [
  ...(options.english ? ["en"] : []),
  ...(options.chinese ? [options.script] : []),
];

// `inputs` is what the API takes besides text and HTML: {url: boolean, files: [".docx", …]}.
export function Composer({ options, setOptions, limit, inputs, glossaries, article, onMake, onProblem }) {
  const area = useRef();
  const headline = useRef();
  const address = useRef();
  const [characters, setCharacters] = useState(0);
  const [file, setFile] = useState(null); // {name, html} or {name, upload}
  const [complaint, setComplaint] = useState("");
  const kinds = [".txt", ".html", ...inputs.files].join(", ");

  const count = () => {
    setCharacters(area.current.value.length);
    setComplaint("");
  };
  useEffect(() => {
    if (!article) return;
    area.current.value = article.text ?? "";
    headline.current.value = article.title ?? "";
    if (address.current) address.current.value = article.url ?? "";
    setFile(article.file ?? null);
    count();
  }, [article]);

  // what is being written is there again when the page is loaded again; effects come after a moment
  // in which the page may be left already
  const opened = useRef(null);
  opened.current = file;
  useEffect(() => {
    const save = () => {
      const draft = {
        ...(area.current.value ? { text: area.current.value } : {}),
        ...(headline.current.value ? { title: headline.current.value } : {}),
        ...(address.current?.value ? { url: address.current.value } : {}),
        ...(opened.current?.html ? { file: opened.current } : {}),
      };
      unsaved.write("draft", Object.keys(draft).length ? draft : null);
    };
    addEventListener("pagehide", save);
    return () => removeEventListener("pagehide", save);
  }, []);

  async function take(given) {
    const name = given.name;
    if (address.current) address.current.value = "";
    const suffix = name.slice(name.lastIndexOf(".")).toLowerCase();
    if (inputs.files.includes(suffix)) setFile({ name, upload: given });
    else if (HTML_FILE.test(name) || given.type === "text/html")
      setFile({ name, html: decode(new Uint8Array(await given.arrayBuffer())) });
    else if (TEXT_FILE.test(name) || given.type === "text/plain") {
      setFile(null);
      area.current.value = decode(new Uint8Array(await given.arrayBuffer()));
    } else return onProblem({ name, kinds });
    count();
    return null;
  }

  // a file may be dropped anywhere on the page
  useEffect(() => {
    const over = (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault();
    const drop = (event) => {
      const [given] = event.dataTransfer?.files ?? [];
      if (!given || area.current?.closest("[hidden]")) return;
      event.preventDefault();
      take(given);
    };
    addEventListener("dragover", over);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("drop", drop);
    };
  });

  async function example(name) {
    const response = await fetch(`/page/assets/examples/${name}.txt`);
    setFile(null);
    if (address.current) address.current.value = "";
    area.current.value = await response.text();
    headline.current.value = "";
    count();
    area.current.focus();
  }

  function submit(event) {
    event.preventDefault();
    const text = area.current.value;
    const url = address.current?.value.trim() ?? "";
    if (!languagesOf(options).length) return setComplaint(t("compose.noLanguage"));
    if (!file && !url && !text.trim()) {
      area.current.focus();
      return setComplaint(t("compose.empty"));
    }
    // which of them is meant is not to be guessed
    if (url && (file || text.trim())) return setComplaint(t("compose.twoSources"));
    return onMake({ title: headline.current.value.trim(), ...(file ? { file } : url ? { url } : { text }) });
  }

  const tooLong = characters > limit;
  const shown = { count: number(characters), limit: number(limit) };
  return html`<form class="composer" onSubmit=${submit} novalidate>
    ${file
      ? html`<p class="file">
          <span>${t("compose.fromFile", { name: file.name })}</span>
          <button type="button" class="small" onClick=${() => setFile(null)}>×<span class="visually-hidden"> ${t("key.cancel")}</span></button>
        </p>`
      : null}
    <label class="visually-hidden" for="article-text">${t("compose.label")}</label>
    <textarea
      id="article-text"
      ref=${area}
      hidden=${Boolean(file)}
      placeholder=${t("compose.placeholder")}
      spellcheck=${false}
      onInput=${count}
      aria-describedby="article-count"
    ></textarea>
    <div class="under">
      <span id="article-count" class=${tooLong ? "over" : "quiet"}>
        ${t(tooLong ? "compose.tooLong" : "compose.characters", shown)}
      </span>
      <label class="button small" tabindex="-1">
        ${t("compose.file")}
        <input type="file" class="visually-hidden" accept=${kinds} onChange=${(event) => {
          const [given] = event.target.files;
          event.target.value = "";
          if (given) take(given);
        }} />
      </label>
      <span class="quiet">${t("compose.fileHint", { kinds })}</span>
    </div>
    ${characters === 0 && !file && html`<p class="examples">
      ${t("compose.try")}
      <button type="button" class="link" lang="en" onClick=${() => example("en")}>${t("compose.exampleEn")}</button>
      <button type="button" class="link" lang="zh-Hans" onClick=${() => example("zh")}>${t("compose.exampleZh")}</button>
    </p>`}
    ${inputs.url && html`<label class="field wide">${t("compose.url")}
      <input type="url" ref=${address} placeholder="https://" />
    </label>`}
    <label class="field wide">${t("compose.headline")}
      <input type="text" ref=${headline} maxlength="500" />
    </label>
    <${Options} options=${options} setOptions=${setOptions} glossaries=${glossaries} />
    ${complaint && html`<p class="problem" role="alert">${complaint}</p>`}
    <button type="submit" class="primary">${t("compose.make")}</button>
  </form>`;
}

// `glossaries` are {names, house, chosen, choose}: the choice is one for the whole page.
export function GlossaryChoice({ glossaries }) {
  const { house, chosen, choose } = glossaries;
  const names = glossaries.names.filter((name) => name !== house);
  if (!names.length && !house) return null;
  return html`<label class="field">${t("compose.glossary")}
    <select value=${chosen} onChange=${(event) => choose(event.target.value)}>
      <option value="">${house ? t("compose.houseGlossary", { name: house }) : t("compose.noGlossary")}</option>
      ${names.map((name) => html`<option value=${name} selected=${chosen === name}>${name}</option>`)}
    </select>
  </label>`;
}

export function Options({ options, setOptions, glossaries }) {
  const set = (change) => {
    const next = { ...options, ...change };
    preferences.set("options", JSON.stringify(next));
    setOptions(next);
  };
  const choose = (name, label, values, prefix) => html`<label class="field">${label}
    <select value=${options[name]} onChange=${(event) => set({ [name]: event.target.value })}>
      ${values.map((value) => html`<option value=${value} selected=${options[name] === value}>${t(`${prefix}.${value}`)}</option>`)}
    </select>
  </label>`;
  return html`<div class="options">
    <fieldset>
      <legend>${t("compose.languages")}</legend>
      <label><input type="checkbox" checked=${options.english} onChange=${(event) => set({ english: event.target.checked })} /> ${t("compose.english")}</label>
      <label><input type="checkbox" checked=${options.chinese} onChange=${(event) => set({ chinese: event.target.checked })} /> ${t("compose.chinese")}</label>
    </fieldset>
    ${choose("script", t("compose.script"), SCRIPTS, "script")}
    ${choose("style", t("compose.style"), STYLES, "style")}
    ${choose("length", t("compose.length"), LENGTHS, "length")}
    <${GlossaryChoice} glossaries=${glossaries} />
  </div>`;
}
