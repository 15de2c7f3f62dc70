"""How the pages before the dashboard look."""

from html import escape
from typing import Final

from fastapi.responses import HTMLResponse

from edge_core.dashboard import theme
from edge_core.dashboard.language import Say

_STYLE: Final = """
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center;
  justify-content: center; padding: 24px; line-height: 1.45; font-size: 17px;
  background: radial-gradient(80vmax 60vmax at 50% -10%, #18202d 0, var(--ground) 70%); }
main { width: 100%; max-width: 400px; }
h1 { font-size: 34px; font-weight: 300; margin: 0 0 4px; letter-spacing: .2px; }
.site { color: var(--soft); font-size: 17px; margin: 0 0 28px; }
.lead { color: var(--soft); margin: -12px 0 24px; }
form { display: flex; flex-direction: column; gap: 18px; }
label { display: flex; flex-direction: column; gap: 7px; color: var(--soft); font-size: 15px; }
input { font: inherit; font-size: 18px; color: var(--ink); background: var(--raised);
  border: 1px solid var(--hairline); border-radius: 12px; padding: 13px 16px; width: 100%; }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--accent);
  outline-offset: 2px; }
button { font: inherit; font-size: 18px; font-weight: 500; color: #241505;
  background: var(--accent); border: 0; border-radius: 12px; padding: 14px; cursor: pointer;
  margin-top: 6px; }
button:hover { filter: brightness(1.06); }
.told { background: #2b1a1a; border-left: 3px solid var(--unwell); border-radius: 8px;
  padding: 12px 16px; margin: 0 0 20px; color: #ffd9d3; }
.foot { color: var(--faint); font-size: 14px; margin: 28px 0 0; }
.languages { margin: 18px 0 0; display: flex; gap: 16px; font-size: 15px; }
.languages a { color: var(--soft); text-underline-offset: 4px; padding: 8px 0; }
.languages a[aria-current] { color: var(--ink); text-decoration: none; }
"""
MARK: Final = (
    "<svg viewBox='0 0 32 32' xmlns='http://www.w3.org/2000/svg'><rect width='32' height='32'"
    f" rx='8' fill='{theme.RAISED}'/><circle cx='10' cy='20' r='3.6' fill='{theme.ACCENT}'/>"
    "<path d='M13 19C18 18 17 11 24 10' stroke='#fff3df' stroke-width='2.4' fill='none'"
    " stroke-linecap='round'/></svg>"
)
"""The mark of the product, in the tab and beside the site's name."""


def form_page(
    say: Say,
    *,
    site: str,
    title: str,
    told: str,
    action: str,
    fields: str,
    button: str,
    foot: str,
    lead: str = "",
) -> HTMLResponse:
    """One form in the middle of the page; `fields` is HTML, all else text."""
    icon = MARK.replace("#", "%23").replace("<", "%3C").replace(">", "%3E")
    languages = languages_html(say)
    complaint = f'<p class="told" role="alert">{escape(told)}</p>' if told else ""
    introduction = f'<p class="lead">{escape(lead)}</p>' if lead else ""
    return HTMLResponse(
        f"""<!doctype html>
<html lang="{say.language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(site)} · {escape(title)}</title>
<link rel="icon" href="data:image/svg+xml,{icon}">
<style>{theme.ROOT}{_STYLE}</style></head>
<body><main><h1>{escape(title)}</h1><p class="site">{escape(site)}</p>{introduction}{complaint}
<form method="post" action="{action}">{fields}
<button type="submit">{escape(button)}</button></form>
<p class="foot">{escape(foot)}</p><nav class="languages">{languages}</nav></main></body></html>""",
        headers={"Cache-Control": "no-store"},
    )


def languages_html(say: Say) -> str:
    """Links to both languages."""
    here = ' aria-current="true"'
    return "".join(
        f'<a href="/language?to={code}" lang="{code}"{here if say.language == code else ""}>'
        f"{name}</a>"
        for code, name in (("en", "English"), ("zh", "中文"))
    )
