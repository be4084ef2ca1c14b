// The service's API, and its errors as one class.
import { session } from "./session.js";

// Why a request was not served. `kind` is the HTTP status, or "unreachable" (nothing answered),
// "broken" (the answer ended before its end), "stopped" (by the reader), or "page": the page itself
// says why, in its own language.
export class Problem extends Error {
  constructor(kind, { type = "", title = "", detail = "", errors = [], retryAfter = 0 } = {}) {
    super(detail || title || String(kind));
    Object.assign(this, { kind, type, title, detail, errors, retryAfter });
  }
}

let onKeyRefused = () => {};
export const whenKeyIsRefused = (listener) => {
  onKeyRefused = listener;
};

// Send a request; a refusal is thrown as a Problem.
export async function request(path, { headers = {}, ...options } = {}) {
  const authorization = session.key ? { Authorization: `Bearer ${session.key}` } : {};
  let response;
  try {
    response = await fetch(path, { ...options, headers: { ...authorization, ...headers } });
  } catch (error) {
    throw new Problem(error.name === "AbortError" ? "stopped" : "unreachable");
  }
  if (response.ok) return response;
  const problem = await read(response);
  if (problem.kind === 401) onKeyRefused();
  throw problem;
}

// Problems have three shapes: ours, LibreTranslate's ({error}) and DeepL's ({message}).
async function read(response) {
  const told = await response.json().catch(() => ({}));
  const refused = response.status === 403 && /API key/.test(told.error ?? "");
  return new Problem(refused ? 401 : response.status, {
    type: told.type,
    title: told.title,
    detail: told.detail ?? told.error ?? told.message ?? "",
    errors: told.errors ?? [],
    retryAfter: Number(response.headers.get("Retry-After")) || 0,
  });
}

const JSON_BODY = { "Content-Type": "application/json" };

// What fetch() takes to send `body`: JSON, or a form if it has a `file`.
export function encoded({ file, ...fields }) {
  if (!file) return { body: JSON.stringify(fields), headers: JSON_BODY };
  const form = new FormData();
  form.set("file", file);
  for (const [name, value] of Object.entries(fields))
    form.set(name, Array.isArray(value) ? value.join(",") : typeof value === "string" ? value : JSON.stringify(value));
  return { body: form, headers: {} };
}

export const getJson = async (path, options) => (await request(path, options)).json();

export const postJson = async (path, body, { headers = {}, method = "POST", ...options } = {}) =>
  (
    await request(path, {
      method,
      body: JSON.stringify(body),
      headers: { ...JSON_BODY, ...headers },
      ...options,
    })
  ).json();

// Have briefs made; `listen(event, data)` is called with each "sentence" and "brief". Returns the
// answer. Aborting `signal` cancels the work.
export async function streamBriefs(body, listen, signal) {
  const response = await request("/summarize", {
    method: "POST",
    ...encoded(body),
    headers: { ...encoded(body).headers, Accept: "text/event-stream" },
    signal,
  });
  for await (const { event, data } of events(lines(response, signal))) {
    if (event === "answer") return data;
    if (event === "error") throw new Problem(data.status, data);
    listen(event, data);
  }
  throw new Problem("broken");
}

// The lines of a body as they come, without their ends.
export async function* lines(response, signal) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const parts = (rest + value).split("\n");
      rest = parts.pop();
      for (const part of parts) yield part.endsWith("\r") ? part.slice(0, -1) : part;
    }
  } catch {
    throw new Problem(signal?.aborted ? "stopped" : "broken");
  } finally {
    reader.cancel().catch(() => {});
  }
  if (rest) yield rest;
}

// Server-sent events of lines; comments, which keep the connection open, are left out.
async function* events(source) {
  let event = "message";
  let data = [];
  for await (const line of source) {
    if (line === "") {
      if (data.length) yield { event, data: JSON.parse(data.join("\n")) };
      [event, data] = ["message", []];
    } else if (line.startsWith("event:")) event = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
}

// Whether the service takes the key that is kept. It is asked what needs no more than a key.
export async function keyIsGood() {
  try {
    await request("/v2/usage");
    return true;
  } catch (problem) {
    if (problem.kind === 401 || problem.kind === 403) return false;
    throw problem;
  }
}
