// What the page keeps: the key, the article and its briefs for as long as the tab is open; the
// language, the look and the ids of jobs for as long as the browser likes. A browser may refuse to keep anything: then the page
// works, and forgets.
const memory = new Map();

function keep(storage, name, value) {
  memory.set(name, value);
  try {
    if (value === null) storage().removeItem(name);
    else storage().setItem(name, value);
  } catch {
    // private windows and full storages
  }
}

function kept(storage, name) {
  try {
    return storage().getItem(name) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}

const tab = () => window.sessionStorage;
const browser = () => window.localStorage;

export const session = {
  get key() {
    return kept(tab, "jianbao.key") ?? "";
  },
  set key(value) {
    keep(tab, "jianbao.key", value || null);
  },
};

// What the tab would lose when it is loaded again: `draft` is an article that is being written,
// `result` the briefs of one.
export const unsaved = {
  read(name) {
    try {
      return JSON.parse(kept(tab, `jianbao.${name}`) ?? "null");
    } catch {
      return null;
    }
  },
  write: (name, value) => keep(tab, `jianbao.${name}`, value && JSON.stringify(value)),
};

export const preferences = {
  get: (name) => kept(browser, `jianbao.${name}`),
  set: (name, value) => keep(browser, `jianbao.${name}`, value),
};

// The jobs that were handed in from this browser, the newest first: {id, name, created, articles}.
// Only names and numbers are kept, no text.
const MOST_JOBS = 50;

export const jobList = {
  read() {
    try {
      const jobs = JSON.parse(preferences.get("jobs") ?? "[]");
      return Array.isArray(jobs) ? jobs.filter((job) => typeof job?.id === "string") : [];
    } catch {
      return [];
    }
  },
  add(job) {
    const others = this.read().filter((one) => one.id !== job.id);
    preferences.set("jobs", JSON.stringify([job, ...others].slice(0, MOST_JOBS)));
  },
  remove(id) {
    preferences.set("jobs", JSON.stringify(this.read().filter((one) => one.id !== id)));
  },
};
