// The entry of every page: wires up the behaviour that templates ask for with data attributes.
import "./dialogs.js";
import "./errors.js";
import "./forms.js";
import "./hotkeys.js";
import "./inline-edit.js";
import "./lists.js";
import "./live.js";
import "./palette.js";
import "./panels.js";
import "./toasts.js";
