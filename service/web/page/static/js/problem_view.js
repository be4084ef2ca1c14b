// A problem, in words, with the way on.
import { html } from "./ui.js";
import { describe, t } from "./i18n.js";

export function ProblemView({ problem, onAgain }) {
  if (!problem) return null;
  const { title, detail, lang, retry } = describe(problem);
  return html`<div class="problem" role="alert">
    <p><strong>${title}</strong></p>
    ${detail && html`<p lang=${lang}>${detail}</p>`}
    ${(retry || onAgain) && html`<p>${retry} ${onAgain && html`<button type="button" class="small" onClick=${onAgain}>${t("problem.again")}</button>`}</p>`}
  </div>`;
}
