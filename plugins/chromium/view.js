// <espalier-view layout="NAME">: the table of a layout of the app within its page, as an accessible grid, and a form of its row.
(() => {
  if (window.top !== window || !window.espalier || customElements.get("espalier-view")) return;
  const words = __WORDS__, style = __STYLE__, PAGE = 100, AHEAD = 12;
  const make = (tag, attributes = {}, text = "") => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  };

  class EspalierView extends HTMLElement {
    static observedAttributes = ["layout"];

    connectedCallback() { if (!this.isOpen) this.open(); }

    disconnectedCallback() {
      // An element that is only moved within the page is connected again at once.
      queueMicrotask(() => { if (!this.isConnected) this.shut(); });
    }

    attributeChangedCallback(_name, before, now) { if (this.isOpen && before !== now) { this.shut(); this.open(); } }

    shut() {
      this.isOpen = false;
      if (this.view) espalier.close(this.view);
      this.view = 0;
    }

    async open() {
      const turn = this.turn = (this.turn || 0) + 1;
      this.isOpen = true;
      this.rows = new Map(); this.asked = new Set(); this.lines = new Map();
      this.total = 0; this.at = [0, 0]; this.chosen = null; this.editor = null;
      const root = this.shadowRoot || this.attachShadow({ mode: "open" });
      root.replaceChildren(make("style", {}, style), this.note = make("div", { class: "note", role: "status" }, words.loading));
      this.setAttribute("aria-busy", "true");
      const answer = await espalier.open(this.getAttribute("layout") || "", (event) => this.hear(event));
      if (turn !== this.turn) { if (answer.view) espalier.close(answer.view); return; }
      this.view = answer.view;
      if (answer.error) { this.fail(answer.error); return; }
      this.build(answer);
      await this.refresh();
      this.removeAttribute("aria-busy");
      this.dispatchEvent(new CustomEvent("espalier-ready", { bubbles: true }));
    }

    fail(text) {
      this.removeAttribute("aria-busy");
      this.note.textContent = text;
      this.note.setAttribute("role", "alert");
    }

    build(described) {
      this.described = described;
      const columns = described.columns;
      const share = (one) => one.kind === "boolean" ? "minmax(5em, 0.6fr)" : `minmax(max(${one.width}px, 7em), ${one.wide ? 1.5 : 1}fr)`;
      this.template = columns.map(share).join(" ");
      this.scroll = make("div", { class: "scroll", role: "grid", tabindex: "0", "aria-label": described.title,
        "aria-colcount": columns.length });
      this.head = make("div", { class: "head", role: "row", "aria-rowindex": "1" });
      this.head.style.gridTemplateColumns = this.template;
      columns.forEach((one, place) => this.head.append(make("div", { role: "columnheader", class: one.align,
        "aria-colindex": place + 1 }, one.label)));
      this.space = make("div", { class: "space", role: "rowgroup" });
      this.bar = make("div", { class: "bar", role: "alert", hidden: "" });
      this.bar.style.display = "none";
      this.foot = make("div", { class: "foot", role: "status" });
      this.scroll.append(this.head, this.space);
      const parts = [make("style", {}, style), this.scroll, this.bar, this.foot];
      if (described.fields.length) parts.splice(2, 0, this.form = this.makeForm(described.fields));
      this.shadowRoot.replaceChildren(...parts);
      this.scroll.addEventListener("scroll", () => this.paint());
      this.scroll.addEventListener("keydown", (event) => this.key(event));
      this.scroll.addEventListener("mousedown", (event) => this.press(event));
      this.scroll.addEventListener("dblclick", () => this.edit());
      new ResizeObserver(() => this.paint()).observe(this.scroll);
    }

    // -- rows ------------------------------------------------------------------------------------------------------

    hear(event) {
      if (event.event === "schema") { this.shut(); this.open(); return; }
      if (this.isStale) return;
      this.isStale = true;
      setTimeout(() => { this.isStale = false; if (this.scroll) this.refresh(); }, 20);
    }

    async refresh() {
      const answer = await espalier.ask("count", { view: this.view });
      if (answer.error) { this.say(answer.error, [], true); return; }
      this.total = answer.count;
      this.asked.clear();
      this.scroll.setAttribute("aria-rowcount", this.total + 1);
      this.foot.textContent = this.total ? words.rows.replace("{count}", this.total.toLocaleString()) : this.described.empty || words.empty;
      const [first, last] = this.sight();
      await Promise.all(this.pages(first, last).map((page) => this.fetch(page)));
      this.paint();
    }

    height() { return parseFloat(getComputedStyle(this).getPropertyValue("--espalier-row")) || 30; }

    sight() {
      const height = this.height(), top = Math.max(this.scroll.scrollTop - height, 0);
      const first = Math.max(Math.floor(top / height) - AHEAD, 0);
      return [first, Math.min(first + Math.ceil(this.scroll.clientHeight / height) + 2 * AHEAD, this.total)];
    }

    pages(first, last) {
      const pages = [];
      for (let page = Math.floor(first / PAGE); page * PAGE < Math.max(last, 1); page++) pages.push(page);
      return pages;
    }

    async fetch(page) {
      this.asked.add(page);
      const answer = await espalier.ask("rows", { view: this.view, start: page * PAGE, stop: (page + 1) * PAGE });
      if (answer.error) { this.say(answer.error, [], true); return; }
      for (let place = page * PAGE; place < (page + 1) * PAGE; place++) this.rows.delete(place);
      answer.rows.forEach((row, index) => this.rows.set(answer.start + index, row));
      if (this.rows.size > 40 * PAGE) for (const place of [...this.rows.keys()].slice(0, 20 * PAGE)) this.rows.delete(place);
    }

    paint() {
      if (!this.space) return;
      const height = this.height(), [first, last] = this.sight();
      this.space.style.height = `${this.total * height}px`;
      for (const page of this.pages(first, last)) if (!this.asked.has(page)) this.fetch(page).then(() => this.paint());
      const wanted = new Set();
      if (this.chosen !== null) {
        const place = [...this.rows].find(([, row]) => row.row === this.chosen);
        if (place) this.at[0] = place[0];
      }
      this.at[0] = Math.min(this.at[0], Math.max(this.total - 1, 0));
      for (let place = first; place < last; place++) {
        const row = this.rows.get(place);
        if (!row) continue;
        wanted.add(row.row);
        let line = this.lines.get(row.row);
        if (!line) {
          line = make("div", { class: "row", role: "row", id: `row${row.row}` });
          line.style.gridTemplateColumns = this.template;
          this.described.columns.forEach((one, index) => line.append(make("div", { role: "gridcell", class: one.align,
            "aria-colindex": index + 1, id: `cell${row.row}-${index}`, ...(one.editable ? {} : { "aria-readonly": "true" }) })));
          this.lines.set(row.row, line);
          this.space.append(line);
        }
        line.style.top = `${place * height}px`;
        line.setAttribute("aria-rowindex", place + 2);
        line.dataset.place = place;
        const isChosen = place === this.at[0];
        line.setAttribute("aria-selected", isChosen);
        if (isChosen && this.chosen === null) this.chosen = row.row;
        [...line.children].forEach((cell, index) => {
          const isEdited = this.editor && this.editor.row === row.row && this.editor.column === index;
          cell.classList.toggle("current", isChosen && index === this.at[1] && !isEdited);
          if (isEdited) return;
          const value = row.cells[index], text = value === true ? "✓" : value === false ? "" : value;
          if (cell.textContent !== text) cell.textContent = text;
          if (typeof value === "boolean") cell.setAttribute("aria-label", `${this.described.columns[index].label}: ${value ? "✓" : "–"}`);
        });
      }
      for (const [row, line] of this.lines) {
        if (wanted.has(row) || (this.editor && this.editor.row === row)) continue;
        line.remove();
        this.lines.delete(row);
      }
      const row = this.rows.get(this.at[0]);
      if (row) this.scroll.setAttribute("aria-activedescendant", `cell${row.row}-${this.at[1]}`);
      if (this.form) this.fill(row);
    }

    go(place, column) {
      const columns = this.described.columns.length;
      this.at = [Math.min(Math.max(place, 0), Math.max(this.total - 1, 0)), Math.min(Math.max(column, 0), columns - 1)];
      this.chosen = this.rows.get(this.at[0])?.row ?? null;
      const height = this.height(), top = this.at[0] * height, seen = this.scroll.clientHeight - this.head.offsetHeight;
      if (top < this.scroll.scrollTop) this.scroll.scrollTop = top;
      else if (top + height > this.scroll.scrollTop + seen) this.scroll.scrollTop = top + height - seen;
      this.paint();
      this.dispatchEvent(new CustomEvent("espalier-row", { bubbles: true, detail: this.rows.get(this.at[0])?.cells }));
    }

    press(event) {
      const cell = event.target.closest("[role=gridcell]");
      if (!cell || cell.classList.contains("editing")) return;
      if (this.editor) this.end(true);
      this.go(Number(cell.parentElement.dataset.place), Number(cell.getAttribute("aria-colindex")) - 1);
    }

    key(event) {
      if (this.editor) return;
      const [place, column] = this.at, page = Math.max(Math.floor(this.scroll.clientHeight / this.height()) - 2, 1);
      const far = event.ctrlKey || event.metaKey;
      const ways = {
        ArrowDown: [place + 1, column], ArrowUp: [place - 1, column], ArrowRight: [place, column + 1], ArrowLeft: [place, column - 1],
        PageDown: [place + page, column], PageUp: [place - page, column],
        Home: far ? [0, 0] : [place, 0], End: far ? [this.total - 1, 1e9] : [place, 1e9],
      };
      if (ways[event.key] && !event.altKey) this.go(...ways[event.key]);
      else if (event.key === "Enter" || event.key === "F2") this.edit();
      else if (event.key === " " && this.described.columns[column]?.kind === "boolean") this.toggle();
      else if (event.key.length === 1 && !far && !event.altKey) this.edit(event.key);
      else return;
      event.preventDefault();
    }

    // -- edits -----------------------------------------------------------------------------------------------------

    edit(typed) {
      const [place, column] = this.at, row = this.rows.get(place), about = this.described.columns[column];
      if (!row || !about || !about.editable || this.editor) return;
      if (about.kind === "boolean") { this.toggle(); return; }
      const cell = this.shadowRoot.getElementById(`cell${row.row}-${column}`);
      const field = this.field(about, `${about.label}`);
      field.value = typed ?? row.cells[column];
      this.editor = { row: row.row, column, field, cell, before: row.cells[column] };
      cell.classList.add("editing");
      cell.classList.remove("current", "refused");
      cell.replaceChildren(field);
      field.focus();
      if (typed === undefined && field.select) field.select();
      field.addEventListener("keydown", (event) => {
        event.stopPropagation();
        if (event.key === "Enter" && !event.shiftKey) this.end(true, [1, 0]);
        else if (event.key === "Tab") this.end(true, [0, event.shiftKey ? -1 : 1]);
        else if (event.key === "Escape") this.end(false, [0, 0]);
        else return;
        event.preventDefault();
      });
      field.addEventListener("blur", () => this.end(true));
    }

    field(about, label) {
      if (about.choices.length) {
        const field = make("select", { "aria-label": label });
        for (const choice of about.required ? about.choices : ["", ...about.choices]) field.append(make("option", {}, choice));
        return field;
      }
      return make(about.kind === "long" ? "textarea" : "input", { "aria-label": label, autocomplete: "off" });
    }

    end(isWritten, step) {
      const editor = this.editor;
      if (!editor) return;
      this.editor = null;
      const text = editor.field.value;
      editor.cell.classList.remove("editing");
      editor.cell.textContent = isWritten ? text : editor.before;
      if (step) { this.scroll.focus(); this.go(this.at[0] + step[0], this.at[1] + step[1]); } else this.paint();
      if (isWritten && text !== editor.before) this.write(editor.row, editor.column, text, editor.cell);
      else this.paint();
    }

    toggle() {
      const [place, column] = this.at, row = this.rows.get(place), about = this.described.columns[column];
      if (row && about && about.editable) this.write(row.row, column, row.cells[column] === true ? "no" : "yes");
    }

    async write(row, column, text, cell, force = false) {
      this.hush();
      const answer = await espalier.ask("write", { view: this.view, row, column, text, force });
      if (answer.error) {
        if (cell) cell.classList.add("refused");
        this.say(answer.error, [[words.cancel, () => this.refresh()]], true);
      } else if (answer.conflict && answer.conflict.gone) this.say(words.gone, [[words.theirs, () => this.refresh()]]);
      else if (answer.conflict) {
        this.say(words.conflict.replace("{theirs}", `“${answer.conflict.theirs}”`), [
          [words.mine, () => this.write(row, column, text, cell, true)], [words.theirs, () => this.refresh()],
        ]);
      }
      return answer;
    }

    say(text, choices = [], isError = false) {
      this.bar.replaceChildren(make("span", {}, text));
      this.bar.classList.toggle("error", isError);
      this.bar.style.display = "";
      for (const [label, act] of choices) {
        const button = make("button", { type: "button" }, label);
        button.addEventListener("click", () => { this.hush(); act(); this.scroll.focus(); });
        this.bar.append(button);
      }
    }

    hush() {
      this.bar.style.display = "none";
      for (const cell of this.shadowRoot.querySelectorAll(".refused")) cell.classList.remove("refused");
    }

    // -- the form of the current row -------------------------------------------------------------------------------

    makeForm(fields) {
      const form = make("form", { "aria-label": this.described.title });
      form.addEventListener("submit", (event) => event.preventDefault());
      this.fields = fields.map((about, index) => {
        const field = about.kind === "boolean" ? make("input", { type: "checkbox" }) : this.field(about, about.label);
        field.id = `field${index}`;
        field.removeAttribute("aria-label");
        if (!about.editable) field.matches("input:not([type=checkbox]), textarea") ? (field.readOnly = true) : (field.disabled = true);
        const said = make("div", { class: "said", role: "alert", id: `said${index}`, hidden: "" });
        form.append(make("label", { for: field.id }, about.label), field, said);
        field.addEventListener("change", () => this.writeField(index));
        field.addEventListener("keydown", (event) => {
          if (event.key === "Escape") { field.dataset.row = ""; this.paint(); }
        });
        return { field, said, about };
      });
      return form;
    }

    fill(row) {
      this.form.inert = !row;
      this.fields.forEach(({ field, said }, index) => {
        const isTyping = this.shadowRoot.activeElement === field && field.dataset.row === String(row?.row);
        if (isTyping && field.type !== "checkbox" && field.value !== field.dataset.shown) return;
        if (!said.hidden && field.dataset.row === String(row?.row)) return;
        const value = row ? row.cells[this.described.columns.length + index] : "";
        if (field.type === "checkbox") field.checked = value === true; else field.value = value === false || value === true ? String(value) : value;
        field.dataset.row = row ? row.row : "";
        field.dataset.shown = field.value;
        said.hidden = true;
        field.removeAttribute("aria-invalid");
      });
    }

    async writeField(index) {
      const { field, said } = this.fields[index], row = Number(field.dataset.row);
      const text = field.type === "checkbox" ? (field.checked ? "yes" : "no") : field.value;
      const answer = await espalier.ask("write", { view: this.view, row, column: this.described.columns.length + index, text });
      said.hidden = !answer.error;
      said.textContent = answer.error || "";
      field.toggleAttribute("aria-invalid", Boolean(answer.error));
      if (answer.error) { field.setAttribute("aria-invalid", "true"); field.setAttribute("aria-describedby", said.id); }
      if (answer.conflict) await this.clash(row, this.described.columns.length + index, text, answer.conflict);
    }

    clash(row, column, text, conflict) {
      if (conflict.gone) this.say(words.gone, [[words.theirs, () => this.refresh()]]);
      else this.say(words.conflict.replace("{theirs}", `“${conflict.theirs}”`), [
        [words.mine, () => this.write(row, column, text, null, true)], [words.theirs, () => this.refresh()],
      ]);
    }
  }
  customElements.define("espalier-view", EspalierView);
})();
