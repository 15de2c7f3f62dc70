// Small builders of SVG and HTML elements.

const SVG = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes))
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value);
  element.append(...children.filter((it) => it !== null));
  return element;
}

export function html(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value") element.value = value;
    else if (value === true) element.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((it) => it !== null && it !== undefined));
  return element;
}

export const path = (points, closed = true) =>
  points.length ? `M${points.map((it) => it.map((v) => +v.toFixed(3)).join(" ")).join("L")}${closed ? "Z" : ""}` : "";

export function button(text, onclick, { name = "pr-plain", ...more } = {}) {
  return html("button", { type: "button", class: name, onclick, ...more }, text);
}

export function field(text, control, problem = null) {
  const wrong = problem ? html("span", { class: "wrong", role: "alert" }, `${problem.reason}. ${problem.remedy}`) : null;
  return html("label", { class: problem ? "pr-field bad" : "pr-field" }, text, control, wrong);
}

export function select(value, options, onchange, more = {}) {
  const list = html("select", { onchange: (event) => onchange(event.target.value), ...more },
    options.map(([key, text]) => html("option", { value: key, selected: key === value }, text)));
  list.value = value;
  return list;
}
