// Copying, keeping, printing and sharing the briefs.
import { html, useState } from "./ui.js";
import { getJson } from "./api.js";
import { describe, t, time } from "./i18n.js";
import { copy, download, FORMATS, formatName, writeBriefs } from "./output.js";

const TYPES = { plain: "text/plain", markdown: "text/markdown", html: "text/html", json: "application/json" };
const POLLS = 120;

// `link` hands the request in as a job and returns it; null where the page shows one already.
export function Output({ briefs, answer, style, link }) {
  const [format, setFormat] = useState("plain");
  const [said, setSaid] = useState("");
  const write = () =>
    format === "json" ? JSON.stringify(answer, null, 1) : writeBriefs(format, briefs, style);

  async function share() {
    try {
      const job = await ended(await link());
      const address = `${location.origin}${location.pathname}#job=${job.id}`;
      const expires = time(job.expires);
      const copied = await copy(address);
      setSaid(t(copied ? "out.linkCopied" : "out.linkShown", { expires, link: address }));
    } catch (problem) {
      const { title, detail } = describe(problem);
      setSaid([title, detail].filter(Boolean).join(t("punctuation.colon")));
    }
  }

  return html`<section class="output" aria-label=${t("out.label")}>
    <label>${t("out.format")}
      <select value=${format} onChange=${(event) => setFormat(event.target.value)}>
        ${[...Object.keys(FORMATS), "json"].map((name) => html`<option value=${name}>${formatName(name)}</option>`)}
      </select>
    </label>
    <button type="button" onClick=${async () => setSaid(t((await copy(write(), format)) ? "out.copied" : "out.copyFailed", { format: formatName(format) }))}>${t("out.copy")}</button>
    <button type="button" onClick=${() => download(`briefs.${FORMATS[format] ?? "json"}`, write(), `${TYPES[format]};charset=utf-8`)}>${t("out.download")}</button>
    <button type="button" onClick=${() => print()}>${t("out.print")}</button>
    ${link && html`<button type="button" onClick=${share}>${t("out.link")}</button>`}
    <p role="status" class="quiet">${said}</p>
  </section>`;
}

// The job when it has ended, which takes a moment if the briefs are remembered.
async function ended(job) {
  let now = job;
  for (let polls = 0; polls < POLLS && !now.ended; polls += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    now = await getJson(`/jobs/${job.id}`);
  }
  return now;
}
