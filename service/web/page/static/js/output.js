// Briefs as texts to copy and to keep.
import { t } from "./i18n.js";

const escaped = (text) =>
  text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
// what Markdown would take for its own
const plainMarkdown = (text) => text.replace(/[\\`*_{}[\]<>#|]/g, "\\$&");

const LISTED = new Set(["bullets"]);

// What a brief is printed as: its sentences as a list, or its text.
function linesOf(brief, style) {
  return LISTED.has(style) ? brief.sentences.map((one) => one.text) : brief.text.split("\n");
}

const NOTES = { en: "Machine translation", zh: "机器翻译" };
const noteOf = (tag, brief) =>
  brief.machine_translated ? NOTES[tag.startsWith("zh") ? "zh" : "en"] : "";

const WRITERS = {
  plain: (tag, brief, style) =>
    [
      ...linesOf(brief, style).map((line) => (LISTED.has(style) ? `• ${line}` : line)),
      ...(noteOf(tag, brief) ? [`(${noteOf(tag, brief)})`] : []),
    ].join("\n"),
  markdown: (tag, brief, style) =>
    [
      ...linesOf(brief, style)
        .map(plainMarkdown)
        .map((line) => (LISTED.has(style) ? `- ${line}` : line)),
      ...(noteOf(tag, brief) ? ["", `*${noteOf(tag, brief)}*`] : []),
    ].join("\n"),
  html: (tag, brief, style) => {
    const lines = linesOf(brief, style).map(escaped);
    const body = LISTED.has(style)
      ? `<ul>\n${lines.map((line) => `<li>${line}</li>`).join("\n")}\n</ul>`
      : lines.map((line) => (style === "headline" ? `<h2>${line}</h2>` : `<p>${line}</p>`)).join("\n");
    const note = noteOf(tag, brief) ? `\n<p><small>${noteOf(tag, brief)}</small></p>` : "";
    return `<section lang="${escaped(tag)}">\n${body}${note}\n</section>`;
  },
};

export const FORMATS = { plain: "txt", markdown: "md", html: "html" };

export const writeBrief = (format, tag, brief, style) => WRITERS[format](tag, brief, style);

export const writeBriefs = (format, briefs, style) =>
  Object.entries(briefs)
    .map(([tag, brief]) => writeBrief(format, tag, brief, style))
    .join("\n\n");

// Whether the text was copied. HTML is copied both ways: as markup where text is pasted, as
// formatted text where an editor takes that.
export async function copy(text, format = "plain") {
  try {
    if (format === "html" && window.ClipboardItem) {
      const parts = { "text/plain": text, "text/html": text };
      const blobs = Object.entries(parts).map(([type, part]) => [type, new Blob([part], { type })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    } else await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

// Beyond localhost, browsers give pages the clipboard over https alone.
function copyBySelection(text) {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  const focused = document.activeElement;
  area.select();
  let done = false;
  try {
    done = document.execCommand("copy");
  } catch {
    // it is told below
  }
  area.remove();
  focused?.focus?.();
  return done;
}

export function download(name, content, type) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export const formatName = (format) => t(`out.${format}`);
