// The article as it was read, with the passages that the briefs come from.
import { Component, html, names, useEffect, useMemo, useRef } from "./ui.js";
import { number, percent, t } from "./i18n.js";
import { passagesOf } from "./model.js";
import { cut, isChinese, paragraphs } from "./text.js";

// One paragraph; most are never drawn twice, which keeps long articles quick.
class Paragraph extends Component {
  shouldComponentUpdate(next) {
    return next.text !== this.props.text || next.signature !== this.props.signature;
  }

  render({ text, start, passages, lit, onPoint, onOpen }) {
    const spans = passages.map((one) => ({ ...one, start: one.start - start, end: one.end - start }));
    return html`<p>
      ${cut(text, spans).map((piece) => {
        const passage = piece.spans[0];
        if (!passage) return piece.text;
        const place = { tag: passage.tag, position: passage.position };
        const first = piece.start === Math.max(0, passage.start);
        return html`<span
          class=${names({ passage: true, lit: lit.has(passage.position) })}
          data-passage=${passage.position + 1}
          onMouseEnter=${() => onPoint(place)}
          onMouseLeave=${() => onPoint(null)}
          onClick=${() => onOpen(place)}
          >${first && html`<sup aria-label=${t("article.passage", { number: passage.position + 1 })}>${passage.position + 1}</sup>`}${piece.text}</span
        >`;
      })}
    </p>`;
  }
}

const WEB = /^https?:/i;

export function Article({ text, title, url, briefs, answer, litKeys, onPoint, onOpen }) {
  const pane = useRef();
  const parts = useMemo(() => paragraphs(text ?? ""), [text]);
  const passages = useMemo(() => passagesOf(briefs, text ?? ""), [briefs, text]);
  const lit = new Set(
    passages.filter((one) => litKeys.has(`${one.tag}:${one.position}`)).map((one) => one.position),
  );
  const litKey = [...lit].join(",");

  useEffect(() => {
    const first = litKey && pane.current?.querySelector(".passage.lit");
    // only within the pane: the page itself stays where the reader is
    if (first && pane.current.scrollHeight > pane.current.clientHeight) reveal(pane.current, first);
  }, [litKey]);

  const byParagraph = useMemo(
    () =>
      parts.map((part) =>
        passages.filter((one) => one.start < part.start + part.text.length && one.end > part.start),
      ),
    [parts, passages],
  );
  return html`<div class="article-read">
    ${answer && html`<p class="facts">
      <span class="share">${t("article.read", { share: percent(answer.source.coverage) })}</span>
      <span>${t("compose.characters", { count: number(answer.source.characters) })}</span>
      <span>${t(`article.language.${answer.source.language}`)}</span>
      ${url && WEB.test(url) && html`<a class="origin" href=${url} target="_blank" rel="noopener noreferrer">${url}</a>`}
    </p>`}
    <div
      class="article-text"
      ref=${pane}
      tabindex="0"
      role="region"
      aria-label=${t("article.label")}
      lang=${isChinese(text ?? "") ? "zh" : "en"}
    >
      ${title && html`<h3>${title}</h3>`}
      ${text === null && html`<p class="quiet">${t(answer ? "article.gone" : "article.waits")}</p>`}
      ${parts.map((part, at) => html`<${Paragraph}
        key=${part.start}
        text=${part.text}
        start=${part.start}
        passages=${byParagraph[at]}
        lit=${lit}
        signature=${byParagraph[at].map((one) => `${one.position}-${one.start}-${one.end}-${lit.has(one.position)}`).join()}
        onPoint=${onPoint}
        onOpen=${onOpen}
      />`)}
    </div>
  </div>`;
}

function reveal(pane, element) {
  const [outer, inner] = [pane.getBoundingClientRect(), element.getBoundingClientRect()];
  if (inner.top >= outer.top && inner.bottom <= outer.bottom) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  pane.scrollTo({
    top: pane.scrollTop + inner.top - outer.top - outer.height / 4,
    behavior: calm ? "auto" : "smooth",
  });
}
