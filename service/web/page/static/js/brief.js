// One brief, in one language.
import { html } from "./ui.js";
import { number, t } from "./i18n.js";
import { namesOf, numberOf, relatives, sourceText } from "./model.js";
import { Sentence } from "./sentence.js";
import { warningInWords } from "./warnings.js";

export const titleOf = (tag) =>
  tag.startsWith("zh-") ? `${t("brief.title.zh")} · ${t(`script.${tag}`)}` : t(`brief.title.${tag}`);

export function Brief({ tag, brief, briefs, style, text, numbers, warnings, litKeys, opened, onPoint, onOpen, onCopy }) {
  const heading = `brief-${tag}`;
  if (!brief)
    return html`<section class="brief" aria-labelledby=${heading}>
      <header><h3 id=${heading}>${titleOf(tag)}</h3></header>
      <p class="quiet waiting">${t("brief.waits")}</p>
    </section>`;
  const translated = Boolean(brief.machine_translated);
  const names = translated ? brief.names ?? [] : namesOf(briefs).filter((one) => one.target);
  return html`<section class="brief" aria-labelledby=${heading}>
    <header>
      <h3 id=${heading}>${titleOf(tag)}</h3>
      ${brief.settled && html`<span class="kind">${t(kindOf(brief))}</span>
        <span class="quiet">${t(`brief.length.${brief.unit}`, { count: number(brief.length) })}</span>
        <button type="button" class="small" aria-label=${`${t("out.copyOne")}: ${titleOf(tag)}`} onClick=${onCopy}>${t("out.copyOne")}</button>`}
    </header>
    ${translated && brief.truth && html`<p class="truth">${t(`truth.${brief.truth}`)}</p>`}
    <ol class=${`sentences ${style}`}>
      ${brief.sentences.map((sentence, position) => {
        const place = { tag, position };
        const key = `${tag}:${position}`;
        const open = opened?.tag === tag && opened.position === position;
        const alone = !translated && isAlone(briefs, place);
        return html`<${Sentence}
          key=${key}
          sentence=${sentence}
          place=${place}
          number=${numberOf(briefs, sentence, position)}
          lang=${tag}
          lit=${litKeys.has(key)}
          alone=${alone}
          open=${open}
          translated=${translated}
          names=${names}
          numbers=${numbers[key]}
          source=${open && text !== null ? sourceText(sentence, text) : ""}
          others=${open ? othersOf(briefs, place) : []}
          onPoint=${onPoint}
          onOpen=${onOpen}
        />`;
      })}
    </ol>
    ${warnings.length > 0 && html`<ul class="notes whole">
      ${warnings.map((one) => {
        const { text, message } = warningInWords(one.code, one.message);
        return html`<li class="note">${text}${message && html`<span class="message"> ${message}</span>`}</li>`;
      })}
    </ul>`}
  </section>`;
}

function kindOf(brief) {
  if (brief.machine_translated) return "brief.translated";
  return brief.sentences.every((one) => one.origin !== "written") ? "brief.own" : "brief.written";
}

// Whether a translation of this brief is there, whole, and lacks the sentence.
function isAlone(briefs, place) {
  const translations = Object.values(briefs).filter((one) => one.machine_translated);
  const traced = (one) => one.sentences.every((sentence) => sentence.source.length > 0);
  return (
    translations.length > 0 &&
    [briefs[place.tag], ...translations].every((one) => one.settled && traced(one)) &&
    relatives(briefs, place).size === 1
  );
}

const othersOf = (briefs, place) =>
  [...relatives(briefs, place)]
    .map((key) => ({ lang: key.split(":")[0], position: Number(key.split(":")[1]) }))
    .filter((one) => one.lang !== place.tag)
    .map((one) => ({ lang: one.lang, text: briefs[one.lang].sentences[one.position].text }));
