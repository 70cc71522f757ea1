// <rich-text>: a text area with Markdown and the same text as HTML become an editor. Only the server reads and writes
// Markdown; what the editor holds is sent as its own document, with a digest of the text, so that nothing can go missing
// on the way without being noticed. Without this module the text area is what people write in.
import { DOMParser, EditorView, Node } from "../vendor/dist/prosemirror.js";
import { announce } from "./fragment.js";
import { changed, stateOf } from "./rich-text-commands.js";
import { clean, handlePaste, refuseFiles, transformPasted } from "./rich-text-paste.js";
import { schema } from "./rich-text-schema.js";
import { toolbar } from "./rich-text-toolbar.js";

const parse = element => DOMParser.fromSchema(schema).parse(element.querySelector("template").content);

/** How many characters that are no white space a document holds, and their FNV-1a. */
export function digest(doc) {
  const text = doc.textBetween(0, doc.content.size).replace(/[\s\u0085\u200b]/g, "");
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return `${[...text].length}:${(hash >>> 0).toString(16).padStart(8, "0")}`;
}

/** What describes every editor to those who don't see its toolbar. */
const keys = document.body.appendChild(document.createElement("p"));
Object.assign(keys, { id: "rich-text-keys", hidden: true, textContent: "Alt+F10 for formatting" });

class RichText extends HTMLElement {
  static observedAttributes = ["data-field"];
  #form = null;
  #view = null;
  /** The document that the server drew last; the text area's default value is the same as Markdown. */
  #drawn = null;
  /** What the server drew while the caret stood in the text, and the document that it saw then. */
  #coming = null;

  connectedCallback() {
    this.area ??= this.querySelector("textarea");
    // Laying one page over another makes elements before what stands in them; `adopt` goes on then.
    if (!this.area) return;
    this.#form = this.area.form;
    this.#form?.addEventListener("formdata", this);
    if (this.bar) return;
    this.#drawn = parse(this);
    this.addEventListener("keydown", this);
    this.addEventListener("focusout", this);
    this.#show(this.dataset.mode !== "plain" && this.#drawn);
  }

  disconnectedCallback() {
    this.#form?.removeEventListener("formdata", this);
    // Who only moves the element puts it back at once.
    queueMicrotask(() => this.isConnected || this.#view?.destroy());
  }

  attributeChangedCallback() {
    if (this.bar) this.#name();
  }

  handleEvent(event) {
    const { type } = event;
    if (type === "formdata") this.#send(event.formData);
    else if (type === "focusout" && !this.contains(event.relatedTarget)) this.#catchUp();
    else if (event.altKey && event.key === "F10") {
      event.preventDefault();
      this.bar.querySelector('[tabindex="0"]').focus();
    } else if (event.defaultPrevented) {
      // A key that did something here means nothing to the page around.
      event.stopPropagation();
    }
  }

  /** The document goes in the place of the Markdown, which may be of an older text; what came meanwhile, if one typed nothing. */
  #send(data) {
    if (!this.doc) return;
    const { name } = this.area;
    const doc = this.#coming?.seen === this.doc ? this.#drawn : this.doc;
    data.delete(name);
    data.set(`${name}#doc`, JSON.stringify(doc));
    data.set(`${name}#sum`, digest(doc));
  }

  get view() {
    return this.#view;
  }

  /** The text as the editor holds it; nothing where it is written as Markdown. */
  get doc() {
    return this.#view?.state.doc;
  }

  /** What is sent: the document as JSON, or Markdown. */
  get value() {
    return this.doc ? JSON.stringify(this.doc) : this.area.value;
  }

  /** Whether the text is another than the server drew. */
  get dirty() {
    if (!this.doc) return this.area.value !== this.area.defaultValue;
    return this.doc !== this.#coming?.seen && !this.doc.eq(this.#drawn);
  }

  /** What the field is called. */
  get label() {
    return document.querySelector(`label[for="${CSS.escape(this.dataset.field)}"]`)?.textContent.trim() ?? "Text";
  }

  focus() {
    (this.#view ?? this.area).focus();
  }

  /** Runs a command and goes to the text. */
  run(command) {
    command(this.#view.state, this.#view.dispatch, this.#view);
    this.focus();
  }

  /** Opens the dialog for the link at the caret. */
  link() {
    import("./rich-text-link.js").then(({ editLink }) => editLink(this));
  }

  /** Says something to those who listen, and shows it to those who look if it is a note. */
  say(words, note = false) {
    announce(words);
    if (!note && !this.note) return;
    this.note ??= this.bar.insertAdjacentElement("afterend", document.createElement("p"));
    this.note.className = "note-at";
    this.note.textContent = note ? words : "";
  }

  /** Sends fields to the server, such as a text to convert. */
  async ask(address, fields) {
    const body = new URLSearchParams(fields);
    const answer = await fetch(`/admin/${address}`, { method: "POST", body, headers: { "X-Fragment": "rich-text" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    return answer;
  }

  /** Goes on as plain text, or as rich text. */
  async switch(plain) {
    const { area } = this;
    let dropped = [];
    this.inert = true;
    try {
      if (plain) {
        area.value = this.dirty ? await (await this.ask("richtext/markdown", { doc: this.value })).text() : area.defaultValue;
        this.#show();
      } else if (this.dirty) {
        const read = await (await this.ask("richtext/doc", { markdown: area.value })).json();
        ({ dropped } = read);
        this.#show(Node.fromJSON(schema, read.doc));
      } else this.#show(this.#drawn);
      const words = plain ? "Plain text" : "Rich text";
      this.say(dropped.length ? `${words}. Not everything could be kept: ${dropped.join("; ")}.` : words, dropped.length > 0);
      // The next page begins like this.
      this.ask("profile/preferences", { text_editing: plain ? "plain" : "rich" }).catch(() => {});
    } catch {
      this.say("That did not work. Your text is as it was; try again.", true);
    }
    this.inert = false;
    this.focus();
  }

  /** Takes over what the server draws for this place now; the text unless one has typed meanwhile, or the caret is in it. */
  adopt(fresh, typed = this.dirty) {
    const area = fresh.querySelector("textarea");
    this.dataset.field = fresh.dataset.field;
    if (!this.bar) {
      this.dataset.mode = fresh.dataset.mode;
      this.replaceChildren(...document.importNode(fresh, true).childNodes);
      this.connectedCallback();
      return;
    }
    this.#drawn = parse(fresh);
    this.area.name = area.name;
    this.area.defaultValue = area.defaultValue;
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (area.hasAttribute(name)) this.area.setAttribute(name, area.getAttribute(name));
      else this.area.removeAttribute(name);
    }
    this.#coming = typed || !this.doc || this.doc.eq(this.#drawn) ? null : { seen: this.doc };
    if (!this.contains(document.activeElement)) this.#catchUp();
    this.#name();
  }

  /** Shows what came while the caret was in the text, unless one has typed since. */
  #catchUp() {
    const seen = this.#coming?.seen;
    this.#coming = null;
    if (seen && seen === this.doc) this.#show(this.#drawn);
  }

  /** Shows a document in the editor, or without one the text area. */
  #show(doc) {
    const { area } = this;
    this.#view?.destroy();
    this.bar?.remove();
    this.#view = null;
    area.hidden = Boolean(doc);
    this.dataset.mode = doc ? "rich" : "plain";
    this.bar = toolbar(this, !doc);
    this.prepend(this.bar);
    if (doc) {
      this.#view = new EditorView(null, {
        state: stateOf(doc, { "Mod-k": () => { this.link(); return true; } }),
        attributes: () => this.#attributes(),
        dispatchTransaction: tr => this.#dispatch(tr),
        transformPastedHTML: clean,
        transformPasted,
        handlePaste: (view, event) => handlePaste(view, event, this),
        handleDrop: (view, { dataTransfer }) => refuseFiles(dataTransfer, this),
      });
      area.before(this.#view.dom);
      // What the browser says of its own work is not yet what the document holds.
      this.#view.dom.addEventListener("input", event => event.stopPropagation());
      this.bar.show(this.#view.state);
    }
    this.#name();
  }

  /** Whichever of the two is in use has the field's id. */
  #name() {
    if (this.doc) this.area.removeAttribute("id");
    else this.area.id = this.dataset.field;
    this.bar.setAttribute("aria-label", `Formatting of ${this.label}`);
    this.#view?.setProps({});
  }

  #attributes() {
    const described = this.area.getAttribute("aria-describedby");
    return {
      id: this.dataset.field,
      class: "prose",
      role: "textbox",
      // Tab comes here without it too; with it the element says so.
      tabindex: "0",
      "aria-multiline": "true",
      "aria-label": this.label,
      "aria-describedby": described ? `${described} ${keys.id}` : keys.id,
      "aria-invalid": this.area.getAttribute("aria-invalid") ?? "false",
    };
  }

  #dispatch(tr) {
    const before = this.#view.state;
    const after = before.apply(tr);
    this.#view.updateState(after);
    this.bar.show(after);
    const words = (tr.docChanged || tr.storedMarksSet || document.documentElement.dataset.announce === "on") && changed(before, after);
    if (words) this.say(words);
    if (before.doc !== after.doc) this.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

customElements.define("rich-text", RichText);

// A label leads to its text, which is none of the controls that browsers know labels for.
document.addEventListener("click", ({ target }) => {
  const { htmlFor } = target.closest?.("label") ?? {};
  const text = htmlFor && document.getElementById(htmlFor);
  if (text?.isContentEditable) text.focus();
});
