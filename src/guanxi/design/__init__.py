"""What every page is made of: the frame, components, icons, styles, scripts, and how values are written.

Owns no rows. Nouns: page, fragment, toast, component, icon, tone.
Verbs: `page(request, template, context)` renders a whole page or the one block htmx asked for;
`toast(request, text, undo_url=…)` tells the member what was done; `icon("users")` draws;
`date`, `ago`, `number`, `money` write by locale and time zone.
Components are Jinja macros in `templates/design/components/`; `/design/` shows each of them when DEBUG is on.
Events: none.
"""
