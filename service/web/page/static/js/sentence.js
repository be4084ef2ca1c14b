// One sentence of a brief: its text with marks, what to know of it, and on demand its evidence.
import { html, names as classes } from "./ui.js";
import { t } from "./i18n.js";
import { evidenceOf, marked } from "./model.js";
import { notesOf } from "./warnings.js";

export function Sentence({ sentence, place, number, lang, lit, alone, open, translated, names, numbers, source, others, onPoint, onOpen }) {
  const detail = `detail-${place.tag}-${place.position}`;
  const pieces = marked(sentence, { translated, names, numbers });
  const notes = notesOf(sentence);
  const state = sentence.check ?? (sentence.origin === "written" ? "" : sentence.origin);
  return html`<li
    class=${classes({ sentence: true, lit, doubtful: sentence.check === "doubtful" })}
    onMouseEnter=${() => onPoint(place)}
    onMouseLeave=${() => onPoint(null)}
  >
    <p class="said" lang=${lang}>
      <${Marked} pieces=${pieces} />
      <button
        type="button"
        class="cite"
        lang=""
        aria-expanded=${open ? "true" : "false"}
        aria-controls=${detail}
        aria-label=${t("sentence.cite", { number })}
        onFocus=${() => onPoint(place)}
        onBlur=${() => onPoint(null)}
        onClick=${() => onOpen(open ? null : place)}
      >${number}</button>
    </p>
    ${(state || alone || notes.length > 0) && html`<ul class="notes">
      ${state && html`<li class=${`state ${state}`} title=${sentence.check ? t(`check.${state}Hint`) : ""}>
        ${t(sentence.check ? `check.${state}` : `origin.${state}`)}
      </li>`}
      ${alone && html`<li class="state">${t("sentence.alone")}</li>`}
      ${notes.map((note) => html`<li class="note">
        ${note.text}${note.message && html`<span class="message"> ${note.message}</span>`}
      </li>`)}
    </ul>`}
    <div class="detail" id=${detail} hidden=${!open}>
      ${open && html`<${Detail} ...${{ sentence, source, others, pieces }} />`}
    </div>
  </li>`;
}

// The pieces of a text with their marks; `words` names the sentence that explains a number.
export function Marked({ pieces, words = "mark.number" }) {
  return pieces.map((piece) => {
    if (!piece.spans.length) return piece.text;
    const kinds = new Set(piece.spans.map((span) => span.kind));
    const title = piece.spans.map((span) => explain(span, words)).filter(Boolean).join("\n");
    return html`<mark class=${[...kinds].join(" ")} title=${title || null}>${piece.text}</mark>`;
  });
}

function explain(span, words) {
  if (span.kind === "name")
    return t("mark.name", { ...span.name, from: t(`from.${span.name.from}`) });
  if (span.kind === "number") return t(words, { source: span.number.source });
  return "";
}

const arrow = ({ source, text }) => (source === text ? text : `${source} → ${text}`);

function Detail({ sentence, source, others, pieces }) {
  const evidence = evidenceOf(pieces);
  return html`
    ${sentence.check && html`<p>${t(`check.${sentence.check}Hint`)}</p>`}
    <h4>${t("sentence.source")}</h4>
    ${source ? html`<blockquote>${source}</blockquote>` : html`<p>${t("sentence.noSource")}</p>`}
    ${sentence.translates && html`
      <h4>${t("sentence.translates")}</h4>
      <blockquote>${sentence.translates}</blockquote>`}
    ${others.filter((other) => other.text !== source).map((other) => html`
      <h4>${t("sentence.other")}</h4>
      <blockquote lang=${other.lang}>${other.text}</blockquote>`)}
    ${evidence.length > 0 && html`
      <h4>${t("sentence.marks")}</h4>
      <ul class="evidence">${evidence.map((span) => html`<li>${
        span.kind === "name" ? explain(span) : arrow(span.number)
      }</li>`)}</ul>`}
  `;
}
