// The page: its head, its sections, the key.
import { html, render, useCallback, useEffect, useState } from "./ui.js";
import { Problem, getJson, whenKeyIsRefused } from "./api.js";
import { BriefsView } from "./briefs_view.js";
import { currentLocale, preferredLocale, setLocale, t } from "./i18n.js";
import { GlossariesView, NO_GLOSSARIES, listGlossaries, namesOfGlossaries } from "./glossaries.js";
import { KeyDialog } from "./key_dialog.js";
import { ProblemView } from "./problem_view.js";
import { JobsView, resultOf } from "./jobs.js";
import { preferences, session } from "./session.js";
import { TranslateView } from "./translate.js";

const SECTIONS = ["briefs", "translate", "jobs", "glossaries"];
const POLL_MS = 1500;
const THEMES = ["auto", "light", "dark"];

// What the address says: "#jobs" is a section, "#job=ID" a job, "#job=ID/3" the third article of a
// batch. No key is ever in it.
function readAddress() {
  const said = location.hash.slice(1);
  const job = /^job=([\w-]+)(?:\/(\d+))?$/.exec(said);
  if (job) return { section: "briefs", job: job[1], line: Number(job[2] ?? 0) };
  return { section: SECTIONS.includes(said) ? said : "briefs", job: "", line: 0 };
}

// The answer that a job has; null for a batch, which the jobs' section shows.
async function answerOf({ job, line }, wanted) {
  if (line) return resultOf(job, line);
  for (;;) {
    const found = await getJson(`/jobs/${job}`);
    if (found.kind === "batch") return null;
    if (found.problem) throw new Problem(found.problem.status, found.problem);
    if (found.ended || !wanted()) return found.result ?? null;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function App({ settings }) {
  const [place, setPlace] = useState(readAddress);
  const [locale, chooseLocale] = useState(currentLocale());
  const [theme, setTheme] = useState(preferences.get("theme") ?? "auto");
  const [asking, setAsking] = useState(settings.key_required && !session.key);
  const [keyed, setKeyed] = useState(0); // rises with each key that is accepted
  const [job, setJob] = useState(null);
  const [problem, setProblem] = useState(null);
  const [waiting, setWaiting] = useState(false);
  const [focus, setFocus] = useState(""); // a batch that the address names
  const [listed, setListed] = useState(NO_GLOSSARIES);
  const [chosen, setChosen] = useState(preferences.get("glossary") ?? "");
  const names = namesOfGlossaries(listed);
  // what is followed by briefs, translations and jobs alike, until another is chosen; one that was
  // deleted is not
  const glossaries = {
    names,
    house: settings.glossary,
    chosen: listed === NO_GLOSSARIES || names.includes(chosen) ? chosen : "",
    choose: (name) => {
      preferences.set("glossary", name);
      setChosen(name);
    },
  };
  const reloadGlossaries = useCallback(async () => setListed(await listGlossaries()), []);
  const section = focus ? "jobs" : place.section;

  useEffect(() => {
    const read = () => setPlace(readAddress());
    addEventListener("hashchange", read);
    whenKeyIsRefused(() => setAsking(true));
    return () => removeEventListener("hashchange", read);
  }, []);

  useEffect(() => {
    // without them the page does all else
    if (!settings.key_required || session.key) reloadGlossaries().catch(() => {});
  }, [keyed]);

  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);

  useEffect(() => {
    setProblem(null);
    setFocus("");
    if (!place.job || (settings.key_required && !session.key)) return undefined;
    let wanted = true;
    setWaiting(true);
    answerOf(place, () => wanted)
      .then((answer) => {
        if (!wanted) return;
        setJob(answer);
        if (answer === null) setFocus(place.job);
      })
      .catch((error) => wanted && setProblem(error))
      .finally(() => wanted && setWaiting(false));
    return () => {
      wanted = false;
      setWaiting(false);
    };
  }, [place.job, place.line, keyed]);

  const switchLocale = () => {
    const next = locale === "en" ? "zh" : "en";
    preferences.set("locale", next);
    setLocale(next);
    chooseLocale(next);
  };
  const nextTheme = () => {
    const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    preferences.set("theme", next);
    setTheme(next);
  };
  const leaveJob = useCallback(() => {
    setJob(null);
    if (readAddress().job) location.hash = "briefs";
  }, []);

  return html`
    <a class="skip" href="#content" onClick=${(event) => {
      event.preventDefault();
      document.getElementById("content").focus();
    }}>${t("nav.skip")}</a>
    <header class="top">
      <h1><span lang="zh-Hans">简报</span> Jianbao</h1>
      <p class="tagline">${t("app.tagline")}</p>
      <nav aria-label=${t("nav.label")}>
        ${SECTIONS.map((name) => html`<a href=${`#${name}`} aria-current=${section === name ? "page" : null}>${t(`nav.${name}`)}</a>`)}
      </nav>
      <div class="tools">
        ${settings.key_required && html`<button type="button" class="small" onClick=${() => setAsking(true)}>${t("nav.key")}</button>`}
        <button type="button" class="small" onClick=${nextTheme}>${t(`theme.${theme}`)}</button>
        <button type="button" class="small" lang=${locale === "en" ? "zh-Hans" : "en"} aria-label=${t("nav.languageLabel")} onClick=${switchLocale}>${t("nav.language")}</button>
        <a href="/schema">${t("nav.api")}</a>
      </div>
    </header>
    <main id="content" tabindex="-1">
      <${ProblemView} problem=${problem} />
      ${waiting && html`<p class="quiet waiting" role="status">${t("jobs.waits")}</p>`}
      <${BriefsView}
        hidden=${section !== "briefs"}
        settings=${settings}
        inputs=${{ url: settings.fetches_urls, files: settings.files }}
        glossaries=${glossaries}
        editable=${listed.editable}
        onGlossary=${(name) => {
          if (name !== settings.glossary) glossaries.choose(name);
          reloadGlossaries();
        }}
        named=${Boolean(place.job)}
        shown=${job}
        onLeaveJob=${leaveJob}
      />
      <${TranslateView} hidden=${section !== "translate"} settings=${settings} glossaries=${glossaries} />
      <${JobsView}
        hidden=${section !== "jobs"}
        settings=${settings}
        glossaries=${glossaries}
        focus=${focus}
        keyed=${keyed}
        onShow=${(id, line) => {
          location.hash = `job=${id}/${line}`;
        }}
      />
      <${GlossariesView} hidden=${section !== "glossaries"} listed=${listed} reload=${reloadGlossaries} />
    </main>
    ${asking && html`<${KeyDialog}
      onDone=${() => {
        setAsking(false);
        setKeyed((count) => count + 1);
      }}
      onCancel=${() => setAsking(false)}
    />`}
  `;
}

setLocale(preferredLocale());
const root = document.getElementById("app");
getJson("/page/settings").then(
  (settings) => render(html`<${App} settings=${settings} />`, root),
  (problem) => render(html`<${ProblemView} problem=${problem} onAgain=${() => location.reload()} />`, root),
);
