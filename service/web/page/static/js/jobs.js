// Many articles at once: handed in as files, followed, and fetched in the form that is wanted.
import { html, useCallback, useEffect, useRef, useState } from "./ui.js";
import { Problem, getJson, lines, request } from "./api.js";
import { Options, languagesOf, readOptions } from "./composer.js";
import { describe, number, t, time } from "./i18n.js";
import { jobList } from "./session.js";
import { decode } from "./text.js";
import { download } from "./output.js";
import { ProblemView } from "./problem_view.js";

const POLL_MS = 1500;
const EXPORTS = {
  ndjson: "application/x-ndjson",
  csv: "text/csv",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
};
const NDJSON_FILE = /\.(ndjson|jsonl)$/i;
const TEXT_FILE = /\.(txt|md|text)$/i;
const HTML_FILE = /\.html?$/i;

const read = async (file) => decode(new Uint8Array(await file.arrayBuffer()));

// The lines of a batch for files: those of an NDJSON file as they are, a text or a page as one
// article under the name of its file. What is neither is left out.
async function toLines(files, wish) {
  const found = [];
  for (const file of files) {
    const id = (file.webkitRelativePath || file.name).slice(-200);
    if (NDJSON_FILE.test(file.name)) {
      const own = (await read(file)).split("\n").filter((line) => line.trim());
      for (const line of own) found.push(line);
    } else if (TEXT_FILE.test(file.name) || HTML_FILE.test(file.name)) {
      const field = HTML_FILE.test(file.name) ? "html" : "text";
      found.push(JSON.stringify({ id, [field]: await read(file), ...wish }));
    }
  }
  return found;
}

export function JobsView({ hidden, settings, glossaries, focus, keyed, onShow }) {
  const [jobs, setJobs] = useState(() => jobList.read());
  const [options, setOptions] = useState(() => readOptions(settings.bare_zh));
  const [prepared, setPrepared] = useState(null); // {name, lines}
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);

  // a job that the address names is shown, whoever handed it in
  useEffect(() => {
    if (!focus || jobs.some((job) => job.id === focus)) return;
    jobList.add({ id: focus, name: focus });
    setJobs(jobList.read());
  }, [focus]);

  async function take(files) {
    const wish = {
      languages: languagesOf(options),
      style: options.style,
      length: options.length,
      include_text: true,
      extras: ["names"],
      ...(glossaries.chosen ? { glossary: glossaries.chosen } : {}),
    };
    setProblem(null);
    const sorted = [...files].sort((a, b) => a.name.localeCompare(b.name));
    const found = await toLines(sorted, wish);
    const folder = sorted[0]?.webkitRelativePath?.split("/")[0];
    if (!found.length) {
      setPrepared(null);
      return setProblem(new Problem("page", { detail: t("jobs.noArticles") }));
    }
    return setPrepared({ name: folder || sorted.map((file) => file.name).join(", ").slice(0, 80), lines: found });
  }

  async function handIn() {
    setBusy(true);
    setProblem(null);
    try {
      const response = await request("/batch", {
        method: "POST",
        body: `${prepared.lines.join("\n")}\n`,
        headers: { "Content-Type": EXPORTS.ndjson, Prefer: "respond-async", "Idempotency-Key": `"${newId()}"` },
      });
      const job = await response.json();
      jobList.add({ id: job.id, name: prepared.name, created: job.created });
      setJobs(jobList.read());
      setPrepared(null);
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem("other"));
    }
    setBusy(false);
  }

  const forget = (id) => {
    jobList.remove(id);
    setJobs(jobList.read());
  };
  const chooser = (label, more) => html`<label class="button">${label}
    <input type="file" multiple class="visually-hidden" ...${more} onChange=${(event) => {
      const files = [...event.target.files];
      event.target.value = "";
      if (files.length) take(files);
    }} />
  </label>`;
  return html`<div class="narrow" hidden=${hidden}>
    <h2>${t("jobs.title")}</h2>
    <p class="quiet">${t("jobs.hint")}</p>
    <section class="sheet" aria-labelledby="jobs-new">
      <h3 id="jobs-new">${t("jobs.new")}</h3>
      <${Options} options=${options} setOptions=${setOptions} glossaries=${glossaries} />
      <p class="quiet">${t("jobs.ndjsonHint")}</p>
      <p class="buttons">
        ${chooser(t("jobs.files"), { accept: ".txt,.html,.ndjson,.jsonl" })}
        ${chooser(t("jobs.folder"), { webkitdirectory: true })}
      </p>
      ${prepared && html`<p class="prepared">
        <span>${t("jobs.prepared", { count: number(prepared.lines.length), name: prepared.name })}</span>
        <button type="button" class="primary" disabled=${busy} onClick=${handIn}>${t("jobs.handIn")}</button>
      </p>`}
      <${ProblemView} problem=${problem} onAgain=${problem && prepared ? handIn : null} />
    </section>
    ${jobs.length === 0 && html`<p class="quiet">${t("jobs.none")}</p>`}
    ${jobs.map((job) => html`<${Job} key=${job.id} entry=${job} hidden=${hidden} keyed=${keyed} focused=${job.id === focus} onForget=${() => forget(job.id)} onShow=${onShow} />`)}
  </div>`;
}

// Browsers give pages randomUUID() over https and on localhost alone.
const newId = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");

function Job({ entry, hidden, keyed, focused, onForget, onShow }) {
  const [job, setJob] = useState(null);
  const [problem, setProblem] = useState(null);
  const [open, setOpen] = useState(focused);
  const card = useRef();
  const path = `/jobs/${encodeURIComponent(entry.id)}`;
  const ended = Boolean(job?.ended);

  const look = useCallback(async () => {
    try {
      setJob(await getJson(path));
      setProblem(null);
    } catch (error) {
      setProblem(error);
    }
  }, [path]);

  useEffect(() => {
    if (hidden || ended) return undefined;
    look();
    const timer = setInterval(look, POLL_MS);
    return () => clearInterval(timer);
  }, [hidden, ended, look, keyed]);

  useEffect(() => {
    if (focused) {
      setOpen(true);
      card.current?.scrollIntoView({ block: "nearest" });
    }
  }, [focused]);

  async function remove() {
    try {
      await request(path, { method: "DELETE" });
    } catch (error) {
      return error.kind === 404 ? onForget() : setProblem(error);
    }
    return ended ? onForget() : look();
  }

  async function fetchAs(format) {
    try {
      const response = await request(`${path}/results`, { headers: { Accept: EXPORTS[format] } });
      download(`${fileName(entry.name)}.${format}`, await response.blob());
    } catch (error) {
      setProblem(error);
    }
  }

  const counts = job?.articles;
  const heading = `job-${entry.id}`;
  const gone = problem?.kind === 404;
  return html`<section class="sheet job" ref=${card} aria-labelledby=${heading}>
    <header>
      <h3 id=${heading}>${entry.name}</h3>
      ${job && html`<span class=${`status ${job.status}`}>${t(`jobs.status.${job.status}`)}</span>
        <span class="quiet">${time(job.created)}</span>`}
    </header>
    ${job && html`
      <progress max="1" value=${job.progress} aria-label=${t("jobs.progress", { name: entry.name })}></progress>
      <p class="quiet" role="status">${t(counts.failed ? "jobs.countsFailed" : "jobs.counts", { total: number(counts.total), done: number(counts.done), failed: number(counts.failed) })}${job.expires ? ` · ${t("jobs.expires", { time: time(job.expires) })}` : ""}</p>`}
    <${ProblemView} problem=${problem} />
    <p class="buttons">
      ${job && html`<button type="button" class="small" aria-expanded=${open ? "true" : "false"} onClick=${() => setOpen(!open)}>${t("jobs.articles")}</button>`}
      ${ended && counts.done + counts.failed > 0 && Object.keys(EXPORTS).map((format) => html`<button type="button" class="small" onClick=${() => fetchAs(format)}>${t(`jobs.export.${format}`)}</button>`)}
      ${!gone && html`<button type="button" class="small" onClick=${remove}>${t(ended ? "jobs.remove" : "jobs.cancel")}</button>`}
      ${gone && html`<button type="button" class="small" onClick=${onForget}>${t("jobs.forget")}</button>`}
    </p>
    ${open && job && html`<${Results} job=${job} onShow=${onShow} />`}
  </section>`;
}

const fileName = (name) => name.replace(/[^\p{L}\p{N}._ -]/gu, "_").slice(0, 60) || "briefs";

// The articles of a job as they end.
function Results({ job, onShow }) {
  const [rows, setRows] = useState([]);
  const [problem, setProblem] = useState(null);
  useEffect(() => {
    const control = new AbortController();
    follow(job.id, control.signal, (row) => setRows((before) => [...before, row])).catch((error) => {
      if (!control.signal.aborted) setProblem(error);
    });
    return () => control.abort();
  }, [job.id]);
  return html`
    <${ProblemView} problem=${problem} />
    <ul class="results">
      ${rows.map((row) => html`<li>
        <span class="name">${row.id ?? t("jobs.line", { number: row.line })}</span>
        ${row.result
          ? html`<button type="button" class="link" onClick=${() => onShow(job.id, row.line)}>${t("jobs.read")}<span class="visually-hidden"> ${row.id ?? row.line}</span></button>`
          : html`<${Failure} problem=${row.problem} />`}
      </li>`)}
    </ul>`;
}

function Failure({ problem }) {
  const { title, detail, lang } = describe(new Problem(problem.status, problem));
  return html`<span class="failed">${title}${detail && html`${t("punctuation.colon")}<span lang=${lang}>${detail}</span>`}</span>`;
}

async function follow(id, signal, listen) {
  const response = await request(`/jobs/${encodeURIComponent(id)}/results`, { signal });
  for await (const line of lines(response, signal)) if (line) listen(JSON.parse(line));
}

// The answer for one article of a batch, or null.
export async function resultOf(id, line) {
  let found = null;
  const control = new AbortController();
  await follow(id, control.signal, (row) => {
    if (row.line !== line) return;
    found = row;
    control.abort();
  }).catch((problem) => {
    if (!found) throw problem;
  });
  if (found?.problem) throw new Problem(found.problem.status, found.problem);
  return found?.result ?? null;
}
