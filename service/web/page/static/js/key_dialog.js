// Asks for the key, and keeps it if the service takes it.
import { html, useEffect, useRef, useState } from "./ui.js";
import { keyIsGood } from "./api.js";
import { describe, t } from "./i18n.js";
import { session } from "./session.js";

export function KeyDialog({ onDone, onCancel }) {
  const dialog = useRef();
  const field = useRef();
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    dialog.current.showModal();
    field.current.focus();
  }, []);

  async function use(event) {
    event.preventDefault();
    const before = session.key;
    session.key = field.current.value.trim();
    try {
      if (await keyIsGood()) return onDone();
      setWrong(t("key.wrong"));
    } catch (problem) {
      setWrong(describe(problem).title);
    }
    session.key = before;
    return field.current?.select();
  }

  const forget = () => {
    session.key = "";
    field.current.value = "";
    field.current.focus();
  };
  return html`<dialog ref=${dialog} class="key" aria-labelledby="key-title" onCancel=${onCancel}>
    <form onSubmit=${use}>
      <h2 id="key-title">${t("key.title")}</h2>
      <p>${t("key.hint")}</p>
      <label class="field wide">${t("key.label")}
        <input type="password" ref=${field} autocomplete="off" required aria-describedby="key-wrong" />
      </label>
      <p id="key-wrong" class="problem" role="alert" hidden=${!wrong}>${wrong}</p>
      <p class="buttons">
        <button type="submit" class="primary">${t("key.use")}</button>
        <button type="button" onClick=${onCancel}>${t("key.cancel")}</button>
        ${session.key && html`<button type="button" onClick=${forget}>${t("key.forget")}</button>`}
      </p>
    </form>
  </dialog>`;
}
