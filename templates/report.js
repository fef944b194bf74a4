// Adds what only works with scripts: Copy buttons, and unfolding for print.
"use strict";
document.querySelectorAll("pre").forEach(function (pre) {
	var button = document.createElement("button");
	button.type = "button";
	button.textContent = "Copy";
	var code = pre.querySelector("code");
	button.addEventListener("click", function () {
		var done = function () { button.textContent = "Copied"; };
		var mark = function () { getSelection().selectAllChildren(code); };
		if (navigator.clipboard) { navigator.clipboard.writeText(code.textContent).then(done, mark); } else { mark(); }
	});
	pre.appendChild(button);
	pre.classList.add("has-copy");
});
addEventListener("beforeprint", function () {
	document.querySelectorAll("details").forEach(function (part) { part.open = true; });
});
