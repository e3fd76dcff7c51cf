// The page of headroom serve: a form of inputs on the left, the bill on the right.
// It keeps one thing, the values that are not as in the profile (sets, by path), and
// shows what plan() answers for them. Nothing else talks to the program.

// plan is the program as a function: other values and what is wanted go in, an answer
// (serve.Answer) comes out. A build of the planner for browsers would be called here.
async function plan(sets, want, signal) {
  const body = JSON.stringify({ sets: [...sets].map(([path, value]) => ({ path, value })), want });
  const response = await fetch("plan", {
    method: "POST", body, signal, headers: { "Content-Type": "application/json" },
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

const $ = (id) => document.getElementById(id);
const byPath = (a, b) => (a[0] === "regions" ? -1 : b[0] === "regions" ? 1 : a[0] < b[0] ? -1 : 1);
const pause = 350; // milliseconds without a change, after which the details are asked for

let inputs = new Map(); // by path
let main = new Set(); // paths that are always shown
let regions = []; // of the profile
let offered = [];
let sets = new Map();
let settled = new Map(); // the sets before what is being moved now
const past = [];
const future = [];
const rows = new Map(); // by path: {element, show, error}

// What takes longer, by what is wanted: where it is shown, and whether it is looked at.
const lasting = {
  details: { element: document.getElementById("more"), part: "more", wanted: () => true },
  failures: { element: document.getElementById("failures"), part: "failures", wanted: () => true },
  remedies: { element: document.getElementById("remedies"), part: "remedies",
    wanted: () => document.getElementById("full").open },
};

// ---- asking ----

let asking = false; // a quick answer is on its way
let stale = false; // the values have changed since it was asked for
let details = null; // aborts the answer with all details
let later = 0;

// replan asks for the bill of the values as they are now. While an answer is on its way
// only the newest values wait, so that the last answer is the one for the last values.
async function replan(want = "") {
  clearTimeout(later);
  details?.abort();
  if (asking) {
    stale = true;
    return;
  }
  asking = true;
  $("figures").classList.add("waiting");
  const asked = new Map(sets);
  try {
    const answer = await plan(asked, want);
    if (answer.inputs) begin(answer.inputs);
    if (!stale || !answer.problems) show(answer);
  } catch (error) {
    lost(error);
  }
  asking = false;
  if (stale) {
    stale = false;
    replan();
    return;
  }
  $("figures").classList.remove("waiting");
  later = setTimeout(fill, pause);
}

// fill asks for what takes longer, the quickest first. The next change breaks it off.
async function fill() {
  details?.abort();
  const mine = new AbortController();
  details = mine;
  try {
    for (const want of Object.keys(lasting)) {
      const { element, wanted } = lasting[want];
      if (!wanted() || !element.classList.contains("old")) continue;
      const answer = await plan(sets, want, mine.signal);
      if (answer.problems) return;
      show(answer);
    }
  } catch (error) {
    if (error.name !== "AbortError") lost(error);
  }
}

function lost(error) {
  const gone = error instanceof TypeError; // of fetch: nobody answers
  showProblems([{
    text: gone ? "The program behind this page does not answer." : error.message,
    hint: gone ? "Start headroom serve again, and put what follows # in this address behind the new one." : "",
  }]);
}

// ---- answers ----

function show(answer) {
  showProblems(answer.problems ?? []);
  if (answer.problems) return;
  document.title = `${answer.name}: $${answer.total} a month`;
  $("name").textContent = answer.title || answer.name;
  $("total").textContent = (answer.bound ? "≥ " : "") + answer.total;
  $("total").dataset.exact = answer.exact;
  $("range").textContent = answer.range ? `${answer.range} with the load` : "";
  $("changed").hidden = sets.size === 0;
  $("change").textContent = answer.change;
  $("part").textContent = answer.part ? `(${answer.part})` : "";
  $("each").hidden = !answer.per_user;
  $("user").textContent = answer.per_user;
  $("all").hidden = !answer.all;
  $("together").textContent = answer.all ?? "";
  $("command").value = answer.command;
  redraw($("bill"), answer.bill);
  redraw($("differs"), answer.differs);
  $("differences").hidden = !answer.differs;
  const late = Object.values(lasting);
  const got = late.filter((l) => answer[l.part]);
  if (got.length === 0) for (const l of late) l.element.classList.add("old");
  for (const l of got) {
    l.element.classList.remove("old");
    redraw(l.element, answer[l.part]);
  }
  if (answer.failures) $("failing").hidden = false;
}

// redraw replaces HTML that the program has made, and leaves open what was open.
function redraw(element, html) {
  const summaries = () => [...element.querySelectorAll("details > summary")];
  const open = new Set(summaries().filter((s) => s.parentElement.open).map((s) => s.textContent));
  element.innerHTML = html;
  for (const s of summaries()) s.parentElement.open = open.has(s.textContent);
}

function showProblems(problems) {
  for (const row of rows.values()) row.error("");
  $("figures").classList.toggle("old", problems.length > 0);
  for (const p of problems) rows.get(p.path)?.error(p.hint ? `${p.text} (${p.hint})` : p.text);
  $("problems").replaceChildren(...problems.map((p) => {
    const item = make("li", {}, make("span", {}, [p.at || p.path, p.text].filter(Boolean).join(": ")));
    if (p.source) item.append(make("pre", {}, p.source));
    if (p.hint) item.append(make("p", { class: "hint" }, p.hint));
    return item;
  }));
}

// ---- values, undo, links ----

// change gives an input another value; as in the profile, it is no change. Moves of a
// slider are settled when it is let go, so that undo takes back all of them at once.
function change(path, value, done) {
  if (value === inputs.get(path)?.value || value === "") sets.delete(path);
  else sets.set(path, value);
  sets = new Map([...sets].sort(byPath));
  if (done) settle();
  showInputs();
  replan();
}

const text = (map) => [...map].map(([p, v]) => `${encodeURIComponent(p)}=${encodeURIComponent(v)}`).join("&");

function settle() {
  if (text(sets) === text(settled)) return;
  past.push(settled);
  future.length = 0;
  settled = new Map(sets);
  remember();
}

// go takes the values of another step.
function go(from, to) {
  if (from.length === 0) return;
  to.push(settled);
  settled = from.pop();
  sets = new Map(settled);
  remember();
  showInputs();
  replan();
}

// remember puts the values into the address, so that it is a link to them.
function remember() {
  const hash = text(sets);
  history.replaceState(null, "", hash ? `#${hash}` : location.pathname);
  $("undo").disabled = past.length === 0;
  $("redo").disabled = future.length === 0;
  $("reset").disabled = sets.size === 0;
}

function linked() {
  const pairs = location.hash.slice(1).split("&").filter((p) => p.includes("="));
  return new Map(pairs.map((p) => {
    const i = p.indexOf("=");
    try {
      return [decodeURIComponent(p.slice(0, i)), decodeURIComponent(p.slice(i + 1))];
    } catch {
      return [p.slice(0, i), p.slice(i + 1)];
    }
  }).sort(byPath));
}

// ---- the form ----

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

// begin makes the form of the inputs that there are.
function begin(list) {
  inputs = new Map(list.all.map((i) => [i.path, i]));
  regions = list.regions;
  offered = list.offered;
  $("types").replaceChildren(...list.types.map((t) => make("option", { value: t })));
  if (regions.length > 0) {
    list.groups.splice(2, 0, { title: "Regions", paths: ["regions"] });
    inputs.set("regions", { path: "regions", sort: "regions", value: "", fixed: list.fixed_regions,
      about: "Where the system runs. Another region brings its own clock; fewer spread the users evenly." });
  }
  main = new Set(list.groups.flatMap((g) => g.paths));
  const narrow = matchMedia("(max-width: 52rem)").matches; // then the bill is below
  $("groups").replaceChildren(...list.groups.map((g, i) =>
    make("details", { open: !narrow || i === 0 }, make("summary", {}, g.title),
      ...g.paths.map((p) => rowOf(p).element))));
  showInputs();
}

// nameOf is a path in words, without what its group says.
function nameOf(path) {
  return path.replace(/^(peak|components|policy|data)\./, "").replaceAll(".", " ").replaceAll("_", " ");
}

function rowOf(path) {
  if (!rows.has(path)) rows.set(path, makeRow(inputs.get(path) ?? { path, sort: "text", value: "", about: "" }));
  return rows.get(path);
}

// makeRow makes the field of an input, with a slider where its value is a number.
function makeRow(input) {
  const id = `i-${input.path}`;
  const about = make("p", { class: "about", id: `${id}-about` }, input.fixed ? `${input.fixed} gives it. ` : "",
    input.about);
  const was = make("p", { class: "was" });
  const problem = make("p", { class: "error", id: `${id}-error` });
  const control = (controls[input.sort === "text" && input.enum ? "choice" : input.sort] ?? controls.text)(input, id);
  const element = make("div", { class: "row" }, ...control.elements, about, was, problem);
  for (const field of element.querySelectorAll("input, select")) {
    field.setAttribute("aria-describedby", `${id}-about ${id}-error`);
    field.disabled = Boolean(input.fixed);
  }
  return {
    element,
    show() {
      const changed = sets.has(input.path);
      element.classList.toggle("changed", changed);
      if (changed) {
        const back = () => change(input.path, input.value, true);
        was.replaceChildren(`in the profile ${input.value || "not given"} `,
          make("button", { type: "button", click: back, "aria-label": `Back to the profile: ${nameOf(input.path)}` },
            "back"));
      } else was.replaceChildren();
      control.show(sets.get(input.path) ?? input.value);
    },
    error(message) {
      problem.textContent = message;
      element.classList.toggle("wrong", message !== "");
      for (const field of element.querySelectorAll("input, select")) {
        field.setAttribute("aria-invalid", String(message !== ""));
      }
    },
  };
}

const labelled = (input, id, ...fields) => make("div", { class: "line" },
  make("label", { for: id, title: `${input.path}: ${input.about}` }, nameOf(input.path)), ...fields);

// A control has elements, and shows a value.
const controls = {
  text(input, id) {
    const types = /\.(pin\.type|reference)$/.test(input.path);
    const field = make("input", {
      id, type: "text", list: types ? "types" : false, spellcheck: "false",
      change: () => change(input.path, field.value.trim(), true),
    });
    return { elements: [labelled(input, id, field)], show: (value) => { field.value = value; } };
  },

  number(input, id) {
    const field = make("input", {
      id, type: "text", inputmode: "decimal", spellcheck: "false",
      input: () => { if (field.value.trim() !== "") change(input.path, field.value.trim(), false); },
      change: () => change(input.path, field.value.trim(), true),
    });
    const slider = input.to && amount(input.value) ? sliderOf(input) : null;
    return {
      elements: [labelled(input, id, ...(slider ? [slider.element] : []), field)],
      show(value) {
        if (document.activeElement !== field || amount(field.value)?.text !== amount(value)?.text) field.value = value;
        slider?.show(value);
      },
    };
  },

  bool(input, id) { return controls.choice({ ...input, enum: ["true", "false"] }, id); },

  choice(input, id) {
    const options = input.value === "" ? ["", ...input.enum] : input.enum;
    const field = make("select", { id, change: () => change(input.path, field.value, true) },
      ...options.map((o) => make("option", { value: o }, o || "not given")));
    return {
      elements: [labelled(input, id, field)],
      show(value) {
        if (![...field.options].some((o) => o.value === value)) field.append(make("option", { value }, value));
        field.value = value;
      },
    };
  },

  list(input, id) {
    if (!input.enum) {
      const { elements, show: showText } = controls.text(input, id);
      return { elements, show: (value) => showText(listText(value)) };
    }
    const boxes = input.enum.map((name) => make("input", { type: "checkbox", value: name, change: choose }));
    function choose() {
      const chosen = boxes.filter((b) => b.checked).map((b) => b.value);
      const now = `[${chosen.join(", ")}]`;
      change(input.path, now === listText(input.value) ? input.value : now, true);
    }
    return {
      elements: [make("div", { class: "line", role: "group", "aria-labelledby": `${id}-name` },
        make("span", { class: "label", id: `${id}-name`, title: `${input.path}: ${input.about}` },
          nameOf(input.path)),
        make("span", { class: "choices" }, ...boxes.map((b) => make("label", {}, b, ` ${b.value}`))))],
      show(value) {
        const chosen = value.match(/[^\s,[\]]+/g) ?? [];
        for (const b of boxes) b.checked = chosen.includes(b.value);
      },
    };
  },

  regions(input, id) {
    const selects = regions.map((r, i) => make("select", { id: `${id}-${i}`, "aria-label": `Region ${i + 1}`,
      change: choose }, ...(i > 0 ? [make("option", { value: "" }, "none")] : []),
      ...[...new Set([r.name, ...offered])].sort().map((o) => make("option", { value: o }, o))));
    function choose() {
      const names = selects.map((s) => s.value);
      change("regions", names.every((n, i) => n === regions[i].name) ? "" : regionsText(names), true);
    }
    return {
      elements: selects.map((s, i) => make("div", { class: "line" },
        make("label", { for: s.id }, `region ${i + 1}`), s)),
      show(value) {
        const names = value ? [...value.matchAll(/name: *([a-z0-9-]+)/g)].map((m) => m[1]) : regions.map((r) => r.name);
        // A region that stays is at its own place, others take the places that are left.
        const places = regions.map((r) => (names.includes(r.name) ? r.name : ""));
        for (const n of names.filter((n) => !places.includes(n))) {
          const free = places.indexOf("");
          if (free >= 0) places[free] = n;
        }
        selects.forEach((s, i) => { s.value = places[i]; });
      },
    };
  },
};

// listText is a list as YAML has it: the program shows lists without commas.
const listText = (value) => (value.startsWith("[") ? `[${(value.match(/[^\s,[\]]+/g) ?? []).join(", ")}]` : value);

// regionsText is a list of regions as a profile has it: one that stays keeps its keys, but
// for its share where there are fewer now; another has its own clock.
function regionsText(names) {
  const chosen = names.map((name, i) => ({ name, was: regions[i] })).filter((c) => c.name);
  const items = chosen.map(({ name, was }) => {
    const keys = Object.entries(was.keys).filter(([key]) =>
      (key !== "tz" || name === was.name) && (key !== "share" || chosen.length === regions.length));
    return `{${[["name", name], ...keys].map(([k, v]) => `${k}: ${v}`).join(", ")}}`;
  });
  return `[${items.join(", ")}]`;
}

// ---- sliders ----

const step = 0.02; // of a slider, in powers of two

// amount is a number with the text behind it, such as 2.5 and MB; undefined where the text
// is not one number.
function amount(value) {
  const m = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*([^\d\s]*)\s*$/.exec(value);
  return m ? { number: Number(m[1]), unit: m[2], text: Number(m[1]) + m[2] } : undefined;
}

const thousands = { "": 1, k: 1e3, M: 1e6, G: 1e9, B: 1e9, T: 1e12 };

// sliderOf moves a number between the ends that the program gives, by equal ratios.
function sliderOf(input) {
  const base = amount(input.value);
  const least = Math.ceil(Math.log2(input.from) / step) * step;
  const most = Math.floor(Math.log2(input.to) / step) * step;
  const read = () => {
    const power = Number(slider.value);
    if (Math.abs(power) < step / 2) return input.value;
    return Number((base.number * 2 ** power).toPrecision(3)) + base.unit;
  };
  const slider = make("input", {
    type: "range", min: least, max: most, step, "aria-label": `${nameOf(input.path)}, slider`,
    input: () => change(input.path, read(), false), change: () => change(input.path, read(), true),
  });
  return {
    element: slider,
    show(value) {
      slider.setAttribute("aria-valuetext", value);
      const now = amount(value);
      if (!now || document.activeElement === slider) return;
      let ratio = now.number / base.number;
      if (now.unit !== base.unit) ratio *= thousands[now.unit] / thousands[base.unit];
      if (ratio > 0) slider.value = Math.log2(ratio);
    },
  };
}

// ---- all inputs ----

function showInputs() {
  const others = [...sets.keys()].filter((p) => !main.has(p));
  const found = new Set([...$("found").children]);
  const besides = others.map((p) => rowOf(p).element).filter((e) => !found.has(e));
  for (const e of besides) if (e.parentElement !== $("others")) $("others").append(e);
  for (const e of [...$("others").querySelectorAll(".row")]) if (!besides.includes(e)) e.remove();
  $("others").hidden = besides.length === 0;
  for (const [path, row] of rows) {
    if (!row.element.isConnected) continue;
    row.show();
    if (sets.has(path) && main.has(path)) row.element.closest("details").open = true;
  }
}

const shownRows = 30; // of what is found

function find() {
  const words = $("find").value.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = words.length === 0 ? [] : [...inputs.values()].filter((i) => {
    const hay = `${i.path} ${i.path.replaceAll("_", " ")} ${i.about}`.toLowerCase();
    return words.every((w) => hay.includes(w));
  });
  const above = hits.filter((i) => main.has(i.path));
  const rest = hits.filter((i) => !main.has(i.path));
  $("hits").textContent = words.length === 0 ? `${inputs.size} inputs` : `${hits.length} found` +
    (above.length ? `, above: ${above.map((i) => i.path).join(", ")}` : "") +
    (rest.length > shownRows ? `; the first ${shownRows} of the others` : "");
  $("found").replaceChildren(...rest.slice(0, shownRows).map((i) => rowOf(i.path).element));
  showInputs();
}

// ---- buttons ----

function said(message) {
  $("done").textContent = message;
  setTimeout(() => { $("done").textContent = ""; }, 4000);
}

async function copy(value, what) {
  try {
    await navigator.clipboard.writeText(value);
    said(`${what} copied.`);
  } catch { // not allowed, or not on this machine: then by hand
    $("command").value = value;
    $("command").select();
    said("Copy the selected text.");
  }
}

async function save() {
  try {
    const answer = await plan(sets, "profile");
    if (answer.problems) return showProblems(answer.problems);
    const url = URL.createObjectURL(new Blob([answer.file.text], { type: "application/yaml" }));
    make("a", { href: url, download: answer.file.name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
    said(`${answer.file.name} saved.`);
  } catch (error) {
    lost(error);
  }
}

$("inputs").addEventListener("submit", (event) => event.preventDefault());
$("explain").addEventListener("change", () => $("inputs").classList.toggle("explained", $("explain").checked));
$("find").addEventListener("input", find);
$("undo").addEventListener("click", () => go(past, future));
$("redo").addEventListener("click", () => go(future, past));
$("reset").addEventListener("click", () => { sets = new Map(); settle(); showInputs(); replan(); });
$("copy").addEventListener("click", () => copy($("command").value, "Command"));
$("link").addEventListener("click", () => copy(location.href, "Link"));
$("save").addEventListener("click", save);
$("full").addEventListener("toggle", () => { if ($("full").open && !asking) fill(); });
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.target.matches?.('input:not([type="range"]):not([type="checkbox"]), textarea')) return; // has its own
  const key = event.key.toLowerCase();
  if (key === "z" && !event.shiftKey) go(past, future);
  else if (key === "y" || key === "z") go(future, past);
  else return;
  event.preventDefault();
});
addEventListener("hashchange", () => {
  sets = linked();
  settle();
  showInputs();
  replan();
});

sets = linked();
settled = new Map(sets);
remember();
await replan("inputs");
find();
