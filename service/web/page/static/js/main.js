// The page: its head, its sections, the key.
import { html, render, useCallback, useEffect, useState } from "./ui.js";
import { getJson, whenKeyIsRefused } from "./api.js";
import { BriefsView } from "./briefs_view.js";
import { currentLocale, preferredLocale, setLocale, t } from "./i18n.js";
import { KeyDialog } from "./key_dialog.js";
import { ProblemView } from "./problem_view.js";
import { preferences, session } from "./session.js";

const SECTIONS = ["briefs"];
const THEMES = ["auto", "light", "dark"];

// What the address says: "#jobs" is a section, "#job=…" a job. No key is ever in it.
function readAddress() {
  const said = decodeURIComponent(location.hash.slice(1));
  if (said.startsWith("job=")) return { section: "briefs", job: said.slice(4) };
  return { section: SECTIONS.includes(said) ? said : "briefs", job: "" };
}

function App({ settings }) {
  const [place, setPlace] = useState(readAddress);
  const [locale, chooseLocale] = useState(currentLocale());
  const [theme, setTheme] = useState(preferences.get("theme") ?? "auto");
  const [asking, setAsking] = useState(settings.key_required && !session.key);
  const [keyed, setKeyed] = useState(0); // rises with each key that is accepted
  const [job, setJob] = useState(null);
  const [problem, setProblem] = useState(null);

  useEffect(() => {
    const read = () => setPlace(readAddress());
    addEventListener("hashchange", read);
    whenKeyIsRefused(() => setAsking(true));
    return () => removeEventListener("hashchange", read);
  }, []);

  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);

  useEffect(() => {
    setProblem(null);
    if (!place.job) return;
    getJson(`/jobs/${encodeURIComponent(place.job)}`).then(
      (found) => setJob(found.result ?? null),
      setProblem,
    );
  }, [place.job, keyed]);

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
        ${SECTIONS.map((name) => html`<a href=${`#${name}`} aria-current=${place.section === name ? "page" : null}>${t(`nav.${name}`)}</a>`)}
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
      <${BriefsView}
        hidden=${place.section !== "briefs"}
        settings=${settings}
        inputs=${{ url: false, files: [] }}
        glossaries=${[]}
        shown=${job}
        onLeaveJob=${leaveJob}
      />
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
