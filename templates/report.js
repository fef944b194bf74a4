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
// Reads out a chart: the pointer and the arrow keys say the nearest number that the page has; nothing is calculated.
document.querySelectorAll("figure").forEach(function (figure) {
	var said, at = 0, across = 1, points = [], marks = [];
	var clean = function (node) { return node.textContent.trim(); };
	var box = function (node) { return node.getBoundingClientRect(); };
	var say = function (step) {
		at = Math.max(0, Math.min(points.length - 1, step));
		said.textContent = points[at].text;
	};
	// A table in the figure or behind the fold after it says row, column and number; without one, and for the pointer, the
	// texts that stand in one line of the drawing belong together.
	var tables = figure.querySelectorAll("table"), after = figure.nextElementSibling;
	if (tables.length === 0) { if (after) { if (after.matches("details")) { tables = after.querySelectorAll("table"); } } }
	tables.forEach(function (table) {
		var heads = Array.from(table.querySelectorAll("thead th"), clean);
		var title = table.caption ? clean(table.caption).split(":")[0] + ", " : "";
		across = table.className === "map" ? heads.length - 1 : 1;
		Array.from(table.tBodies[0].rows).forEach(function (row) {
			var cells = Array.from(row.cells, clean);
			if (across === 1) {
				points.push({ text: cells.map(function (cell, i) { return heads[i] + " " + cell; }).join(", ") });
				return;
			}
			cells.slice(1).forEach(function (cell, i) {
				points.push({ text: title + heads[i + 1] + " connections at " + cells[0] + ": " + cell });
			});
		});
	});
	figure.querySelectorAll(".wide, .scroll").forEach(function (frame) {
		var chart = frame.querySelector("svg.chart");
		if (!chart) { return; }
		var texts = Array.from(chart.querySelectorAll("text")).filter(function (text) { return !text.closest(".tick"); });
		var cells = texts.filter(function (text) { return (/^[✓▲✕?]( [0-9]|$)/).test(clean(text)); });
		var matched = points.length === 0 ? false : cells.length === points.length;
		if (matched) {
			cells.forEach(function (cell, i) { points[i].node = cell; });
			marks = points;
		} else {
			var lines = {};
			texts.forEach(function (text) {
				var y = Math.round(text.getAttribute("y") / 9);
				var near = [y, y - 1, y + 1].find(function (place) { return lines[place]; }) || y;
				(lines[near] = lines[near] || []).push(text);
			});
			Object.values(lines).forEach(function (line) {
				if (line.length === 1) { return; }
				line.sort(function (a, b) { return a.getAttribute("x") - b.getAttribute("x"); });
				marks.push({ text: line.map(clean).join(", "), node: line[0] });
			});
			if (points.length === 0) { points = marks; }
		}
		if (points.length === 0) { return; }
		said = document.createElement("p");
		said.className = "said note";
		said.setAttribute("aria-live", "polite");
		said.textContent = "Arrow keys or the pointer read out this chart.";
		frame.after(said);
		frame.tabIndex = 0;
		frame.addEventListener("keydown", function (event) {
			var step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
			if (!step) { return; }
			event.preventDefault();
			say(at + step);
		});
		frame.addEventListener("pointermove", function (event) {
			var away = marks.map(function (point) {
				var place = box(point.node), x = 0;
				if (across !== 1) { x = event.clientX - place.left - place.width / 2; }
				return Math.hypot(x, event.clientY - place.top - place.height / 2);
			});
			var least = Math.min.apply(null, away);
			if (Number.isFinite(least)) { said.textContent = marks[away.indexOf(least)].text; }
		});
	});
});
