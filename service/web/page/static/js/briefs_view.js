// The first section: an article on the left, its briefs on the right.
import { html, useEffect, useMemo, useRef, useState } from "./ui.js";
import { Problem, encoded, postJson, request, streamBriefs } from "./api.js";
import { Article } from "./article.js";
import { Brief } from "./brief.js";
import { Composer, languagesOf, readOptions } from "./composer.js";
import { corrected } from "./corrections.js";
import { KeepCorrections, termsOf } from "./glossaries.js";
import { t } from "./i18n.js";
import { namesOf, relatives, sourceText, withAnswer, withEvent, withSecondTry } from "./model.js";
import { Names } from "./names.js";
import { Output } from "./output_view.js";
import { copy, writeBrief } from "./output.js";
import { ProblemView } from "./problem_view.js";
import { unsaved } from "./session.js";

// A refused article is refused again.
const WORTH_ANOTHER_TRY = new Set(["unreachable", "broken", "stopped", 401, 429, 500, 503, 504]);

const IDLE = { phase: "idle", briefs: {}, answer: null, problem: null };
const doneWith = (answer) => ({ phase: "done", briefs: withAnswer(answer), answer, problem: null });

// The briefs that the tab had when it was loaded again, unless its address names others.
function restored(given) {
  const { article, answer, corrections = {} } = unsaved.read("result") ?? {};
  if (given || !answer) return { article: unsaved.read("draft"), run: IDLE, corrections: {} };
  const run = doneWith(answer);
  for (const [source, target] of Object.entries(corrections)) run.briefs = corrected(run.briefs, source, target);
  return { article, run, corrections };
}

// What is kept of an article: a file of which the service has read the text is that text.
const keepable = (article, { source }) =>
  article.file?.upload ? { text: source.text, title: article.title || source.title } : article;

// The body of /summarize for what the composer gave. What was a page, a file or an address is sent
// as its text once the service has said what that is.
function bodyOf({ article, options, glossary, terms, answer }) {
  const { file, url } = article;
  const read = answer?.source;
  const title = article.title || read?.title;
  const extracted = (file || url) && read?.text;
  const source = extracted
    ? { text: read.text }
    : file?.html !== undefined
      ? { html: file.html }
      : url
        ? { url }
        : { text: article.text };
  return {
    ...(file?.upload && !extracted ? { file: file.upload } : source),
    include_text: true,
    extras: ["names"],
    ...(title ? { title } : {}),
    languages: languagesOf(options),
    style: options.style,
    length: options.length,
    ...(Object.keys(terms).length ? { glossary: terms } : glossary ? { glossary } : {}),
  };
}

const originOf = (answer) => {
  const { url, title } = answer?.source ?? {};
  return { ...(url ? { url } : {}), ...(title ? { title } : {}) };
};

const directionOf = (language) => (language === "zh" ? "zh-en" : "en-zh");

// Whether a sentence of `briefs` may come from a passage with `term`; no other is translated again.
const says = (briefs, text, term) =>
  Object.values(briefs).some((brief) =>
    brief.sentences.some(
      (one) => !one.source.length || sourceText(one, text ?? "").toLowerCase().includes(term.toLowerCase()),
    ),
  );

// The terms of a glossary that the article has: a request may bring a thousand, a glossary has more.
const standingIn = (terms, text) =>
  Object.fromEntries(Object.entries(terms).filter(([source]) => (text ?? "").toLowerCase().includes(source.toLowerCase())));

// `named` says that the address names a job; `shown` is its answer once that is there.
export function BriefsView({ hidden, settings, inputs, glossaries, editable, onGlossary, named, shown, onLeaveJob }) {
  const [options, setOptions] = useState(() => readOptions(settings.bare_zh));
  const before = useMemo(() => restored(named), []);
  const [article, setArticle] = useState(before.article);
  const [run, setRun] = useState(before.run);
  const [corrections, setCorrections] = useState(before.corrections);
  const [numbers, setNumbers] = useState({});
  const [pointed, setPointed] = useState(null);
  const [opened, setOpened] = useState(null);
  const glossary = glossaries.chosen;
  const [said, setSaid] = useState("");
  const work = useRef(null);
  const results = useRef();

  // a finished job takes the place of what was here
  useEffect(() => {
    if (!shown) return;
    work.current?.abort();
    setArticle({ text: shown.source.text ?? null, job: true });
    setCorrections({});
    setRun(doneWith(shown));
  }, [shown]);

  useEffect(() => {
    if (!article || article.job || !run.answer) return;
    unsaved.write("result", { article: keepable(article, run.answer), answer: run.answer, corrections });
  }, [article, run.answer, corrections]);

  const text = run.answer?.source.text ?? article?.text ?? null;

  useEffect(() => {
    if (!run.answer || text === null) return setNumbers({});
    let wanted = true;
    findNumbers(run.briefs, text).then((found) => wanted && setNumbers(found), () => {});
    return () => {
      wanted = false;
    };
  }, [run.answer, run.briefs, text]);

  // `arrived` are the briefs of a first try that failed.
  async function make(given, terms = {}, arrived = {}) {
    const again = Object.keys(terms).length > 0;
    let fresh = {};
    work.current?.abort();
    const control = new AbortController();
    work.current = control;
    setRun((before) =>
      again ? { ...before, phase: "checking", problem: null } : { ...IDLE, phase: "running", briefs: arrived },
    );
    if (!again) {
      unsaved.write("result", null);
      setArticle(given);
      setOpened(null);
      setCorrections({});
      setSaid(t("briefs.working"));
      // where the briefs stand below the article, they are brought into view
      const below = matchMedia("(max-width: 60rem)").matches;
      requestAnimationFrame(() => results.current?.focus({ preventScroll: !below }));
    }
    const language = run.answer?.source.language;
    const current = () => work.current === control;
    try {
      const named = again && glossary ? await termsOf(glossary, directionOf(language)) : {};
      const answer = await streamBriefs(
        bodyOf({ article: given, answer: again ? run.answer : null, options, glossary, terms: { ...standingIn(named, text), ...terms } }),
        (event, data) => {
          if (!current() || again) return;
          fresh = withEvent(fresh, event, data);
          const briefs = withSecondTry(arrived, fresh);
          setRun((before) => ({ ...before, briefs }));
        },
        control.signal,
      );
      if (!current()) return;
      // what was sent again as a text still comes from its address
      if (again) answer.source = { ...originOf(run.answer), ...answer.source };
      setRun(doneWith(answer));
      setSaid(t("briefs.ready"));
    } catch (error) {
      if (!current()) return;
      const problem = error instanceof Problem ? error : new Problem("other");
      setRun((before) => ({ ...before, phase: before.answer ? "done" : "failed", problem }));
      setSaid(""); // the alert says what happened
    }
  }

  function correct(source, target) {
    const terms = { ...corrections, [source]: target };
    setCorrections(terms);
    setRun((before) => ({ ...before, briefs: corrected(before.briefs, source, target) }));
    if (article && !article.job && says(run.briefs, text, source)) make(article, terms);
  }

  const back = () => {
    work.current?.abort();
    unsaved.write("result", null);
    setRun(IDLE);
    setOpened(null);
    onLeaveJob();
  };
  const onPoint = (place) => setPointed(place);
  const litKeys = useMemo(() => relatives(run.briefs, pointed ?? opened), [run.briefs, pointed, opened]);
  const composing = run.phase === "idle" || (run.phase === "failed" && !Object.keys(run.briefs).length);
  const working = run.phase === "running" || run.phase === "checking";
  const tags = run.answer ? Object.keys(run.briefs) : languagesOf(options);
  const terms = namesOf(run.briefs).map((name) =>
    name.source in corrections ? { ...name, from: "correction" } : name,
  );
  const missing = Object.entries(corrections)
    .filter(([source]) => !terms.some((name) => name.source === source))
    .map(([source, target]) => ({ source, target, from: "correction", absent: true }));
  const translated = Object.entries(run.briefs).find(([, brief]) => brief.machine_translated)?.[0];

  return html`<div class="desk" hidden=${hidden}>
    <section class="left" aria-labelledby="article-title">
      <header class="panel-head">
        <h2 id="article-title">${t(composing ? "compose.title" : "article.title")}</h2>
        ${!composing && html`<button type="button" class="small" onClick=${back}>${t("compose.edit")}</button>`}
      </header>
      <div hidden=${!composing}>
        <${Composer}
          options=${options}
          setOptions=${setOptions}
          limit=${settings.article_characters}
          inputs=${inputs}
          glossaries=${glossaries}
          article=${article && !article.job ? article : null}
          onMake=${(given) => make(given)}
          onProblem=${(file) => setRun({ ...IDLE, phase: "failed", problem: new Problem("page", { detail: t("problem.file", file) }) })}
        />
      </div>
      ${!composing && html`<${Article}
        text=${text}
        title=${article?.title || run.answer?.source.title}
        url=${run.answer?.source.url}
        briefs=${run.briefs}
        answer=${run.answer}
        litKeys=${litKeys}
        onPoint=${onPoint}
        onOpen=${setOpened}
      />`}
    </section>
    <section class="right" aria-labelledby="briefs-title" ref=${results} tabindex="-1">
      <header class="panel-head">
        <h2 id="briefs-title">${t("briefs.title")}</h2>
        ${working && html`<button type="button" class="small" onClick=${() => work.current?.abort()}>${t("compose.stop")}</button>`}
      </header>
      <p class="visually-hidden" role="status">${said}</p>
      <${ProblemView}
        problem=${run.problem}
        onAgain=${run.problem && WORTH_ANOTHER_TRY.has(run.problem.kind) && article && !article.job ? () => make(article, corrections, run.briefs) : null}
      />
      ${run.phase === "idle" && html`<${Welcome} />`}
      ${run.phase === "checking" && html`<p class="checking">${t("briefs.checking")}</p>`}
      ${!composing && html`<div class=${`briefs count-${tags.length}`}>
        ${tags.map((tag) => html`<${Brief}
          key=${tag}
          tag=${tag}
          brief=${run.briefs[tag]}
          briefs=${run.briefs}
          style=${options.style}
          text=${text}
          numbers=${numbers}
          warnings=${(run.answer?.warnings ?? []).filter((one) => one.language === tag && one.sentence == null)}
          litKeys=${litKeys}
          opened=${opened}
          onPoint=${onPoint}
          onOpen=${setOpened}
          onCopy=${async () => setSaid(t((await copy(writeBrief("plain", tag, run.briefs[tag], options.style))) ? "out.copied" : "out.copyFailed", { format: t("out.plain") }))}
        />`)}
      </div>`}
      ${run.answer && html`
        <${Output} briefs=${run.briefs} answer=${run.answer} style=${options.style}
          link=${article?.job ? null : () => keepAsJob(bodyOf({ article, options, glossary, terms: corrections, answer: run.answer }))} />
        ${translated && html`<${Names} terms=${[...terms, ...missing]} lang=${translated} onCorrect=${correct}
          keep=${editable && html`<${KeepCorrections}
            corrections=${corrections}
            direction=${directionOf(run.answer.source.language)}
            suggested=${glossary || settings.glossary}
            house=${settings.glossary}
            onKept=${onGlossary}
          />`} />`}
      `}
    </section>
  </div>`;
}

function Welcome() {
  return html`<div class="welcome">
    <h3>${t("welcome.title")}</h3>
    <ol>${[1, 2, 3].map((step) => html`<li>${t(`welcome.${step}`)}</li>`)}</ol>
    <p class="quiet">${t("welcome.note")}</p>
  </div>`;
}

// The numbers of each sentence that has a source, as {"tag:position": numbers}.
async function findNumbers(briefs, text) {
  const asked = Object.entries(briefs).flatMap(([tag, brief]) =>
    brief.sentences.map((sentence, position) => ({
      key: `${tag}:${position}`,
      pair: { source: sourceText(sentence, text), text: sentence.text },
    })),
  );
  if (!asked.length) return {};
  const { numbers } = await postJson("/page/numbers", { pairs: asked.map((one) => one.pair) });
  return Object.fromEntries(asked.map((one, at) => [one.key, numbers[at]]));
}

// Hand the same request in as a job, which is answered from memory; returns it.
async function keepAsJob(body) {
  const response = await request("/summarize", {
    method: "POST",
    ...encoded(body),
    headers: { ...encoded(body).headers, Prefer: "respond-async" },
  });
  return response.json();
}
