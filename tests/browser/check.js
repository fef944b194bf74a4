/* Looks at reports as a reader's browser does: the Nu checker, html-validate, axe-core in Chromium (light and dark,
 * unfolded), at 1440, 390 and 320 px; audits also with payloads against the content policy, Jenkins' header, without
 * scripts, without styles, on paper. One browser looks at all pages. Serves them on loopback; Chromium can resolve no name.
 * Usage: node check.js DIRECTORY-OF-PAGES (NAME.html beside NAME.json), with NODE_PATH. Prints TAP and a sum. */
"use strict";
const childProcess = require("node:child_process");
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { chromium } = require("playwright-core");

const directory = path.resolve(process.argv[2]);
const modules = process.env.NODE_PATH;
const names = fs.readdirSync(directory).filter((file) => file.endsWith(".html")).map((file) => file.slice(0, -5)).sort();
const page = (name) => fs.readFileSync(path.join(directory, name + ".html"), "utf8");
const documents = new Map(names.map((name) => [name, JSON.parse(fs.readFileSync(path.join(directory, name + ".json"), "utf8"))]));
const documentOf = (name) => documents.get(name);
const isAudit = (name) => documentOf(name).schema.startsWith("headroom.audit/");
const jenkins = "sandbox; default-src 'none'; img-src 'self'; style-src 'self';";
const deadline = 30000;

let passed = 0, failed = 0;
function report(title, problems) {
	if (problems.length === 0) {
		passed++;
		console.log("ok - " + title);
		return;
	}
	failed++;
	console.log("not ok - " + title);
	problems.slice(0, 8).forEach((line) => console.log("#   " + String(line).replace(/\s+/g, " ").slice(0, 300)));
}
const unless = (good, problem) => (good ? [] : [problem]);

/* --- without a browser --------------------------------------------------------------------------- */

/* Runs beside the browser. */
function nu() {
	const jar = path.join(modules, "vnu-jar", "build", "dist", "vnu.jar");
	const files = names.map((name) => path.join(directory, name + ".html"));
	const options = { encoding: "utf8", timeout: 120000, maxBuffer: 64 << 20 };
	return new Promise((resolve) => {
		childProcess.execFile("java", ["-jar", jar, "--errors-only", "--format", "json", ...files], options,
			(error, stdout, stderr) => { nuSays(error, stderr); resolve(); });
	});
}

function nuSays(error, said) {
	let messages;
	try {
		messages = JSON.parse(said).messages;
	} catch (fault) {
		report("Nu checker runs", [said || error || fault]);
		return;
	}
	names.forEach((name) => report(name + ": Nu HTML checker", messages
		.filter((message) => message.url.endsWith("/" + name + ".html"))
		.map((message) => message.lastLine + ": " + message.message)));
}

async function lint() {
	const { HtmlValidate } = require("html-validate");
	const validator = new HtmlValidate({
		extends: ["html-validate:recommended"],
		rules: {
			/* The page is XML as well as HTML. */
			"void-style": ["error", { style: "selfclose" }],
			"attribute-boolean-style": "off",
			/* Numbers and dates that only look like telephone numbers. */
			"tel-non-breaking": "off",
			"long-title": "off",
			"no-trailing-whitespace": "off",
			/* A policy with hashes in the page does the same. */
			"require-sri": "off",
		},
	});
	for (const name of names) {
		const result = await validator.validateString(page(name));
		report(name + ": html-validate", result.results.flatMap((file) => file.messages)
			.map((message) => message.line + ": " + message.ruleId + ": " + message.message));
	}
}

/* --- pages served on loopback -------------------------------------------------------------------- */

const served = new Map(); /* path: {body, policy} */
const asked = [];
const server = http.createServer((request, response) => {
	const found = served.get(request.url);
	if (!found && request.url !== "/favicon.ico")
		asked.push(request.url);
	response.writeHead(found ? 200 : 404, Object.assign({ "content-type": "text/html; charset=utf-8" },
		found && found.policy ? { "content-security-policy": found.policy } : {}));
	response.end(found ? found.body : "");
});

/* Opens a page in a context of its own; what it says and asks for is collected. */
async function open(browser, body, options, policy) {
	const address = "/" + served.size + ".html";
	served.set(address, { body, policy });
	const context = await browser.newContext(options);
	const tab = await context.newPage();
	tab.setDefaultTimeout(deadline);
	tab.said = [];
	tab.dialogs = [];
	tab.requests = [];
	tab.on("console", (message) => tab.said.push(message.text()));
	tab.on("pageerror", (error) => tab.said.push(error.message));
	tab.on("dialog", (dialog) => { tab.dialogs.push(dialog.message()); dialog.dismiss().catch(() => {}); });
	tab.on("request", (request) => tab.requests.push(request.url()));
	await tab.goto("http://127.0.0.1:" + server.address().port + address, { waitUntil: "load", timeout: deadline });
	return tab;
}

const squeeze = (text) => text.replace(/\s+/g, "");
const textOf = (tab) => tab.evaluate(() => document.body.textContent);

function commandsOf(name) {
	const root = documentOf(name);
	const commands = (root.fixes || []).flatMap((fix) => [fix.command, fix.undo])
		.concat((root.holds || []).flatMap((hold) => hold.fix_commands || []));
	return commands.filter((command) => command && /^[\x20-\x7e\n]*$/.test(command)).map(squeeze);
}

async function saysAll(tab, name) {
	const text = squeeze(await textOf(tab));
	const word = { none: "AUDIT" }[documentOf(name).verdict] || documentOf(name).verdict.toUpperCase();
	return unless(text.includes(word), "the verdict " + word + " is missing")
		.concat(commandsOf(name).filter((command) => !text.includes(command)).map((command) => "missing: " + command));
}

async function quiet(tab) {
	await tab.waitForTimeout(50);
	return tab.said.concat(tab.dialogs.map((text) => "dialog: " + text), tab.requests.slice(1).map((url) => "asked for " + url));
}

const unfold = (tab) => tab.evaluate(() => document.querySelectorAll("details").forEach((part) => { part.open = true; }));

async function accessible(browser, name) {
	const source = fs.readFileSync(path.join(modules, "axe-core", "axe.min.js"), "utf8");
	for (const colorScheme of ["light", "dark"]) {
		const tab = await open(browser, page(name), { colorScheme, viewport: { width: 1280, height: 900 } });
		const found = await quiet(tab);
		report(name + ", " + colorScheme + ": no word on the console, no request", found);
		const dark = await tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
		report(name + ", " + colorScheme + ": its ground", unless((dark === "rgb(255, 255, 255)") === (colorScheme === "light"), dark));
		await tab.evaluate(source);
		await unfold(tab);
		const result = await tab.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
		report(name + ", " + colorScheme + ": axe-core", result.violations
			.map((rule) => rule.id + ": " + rule.help + ": " + rule.nodes.slice(0, 3).map((node) => node.target).join("; ")));
		await tab.context().close();
	}
}

/* What a narrow screen would cut: the page, or a part of it that scrolls sideways where it need not. A map as a table has
 * as many columns as loads, and so have samples of lines: they scroll in their own box, behind a fold; drawings say the same. */
const cut = (tab) => tab.evaluate(() => {
	const room = document.documentElement.clientWidth, wide = document.documentElement.scrollWidth;
	const parts = Array.from(document.querySelectorAll("main *, header *")).filter((part) => part.scrollWidth > part.clientWidth + 1 &&
		["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(part).overflowX) && part.clientWidth > 1 && !part.closest("pre") &&
		!(part.closest("details") && part.querySelector("table.map, table.samples")));
	return (wide <= room ? [] : [wide + " px wide, " + room + " px there"]).concat(parts.map((part) =>
		(part.outerHTML.slice(0, 80) + " " + part.scrollWidth + " px in " + part.clientWidth)));
});

/* The drawings of which the wide or the narrow one must be seen, and whole. */
const drawings = (tab) => tab.evaluate(() => Array.from(document.querySelectorAll("svg.chart[aria-labelledby]")).flatMap((svg) => {
	const id = svg.getAttribute("aria-labelledby").replace(/-title$/, ""), box = svg.getBoundingClientRect();
	const twin = document.querySelector("svg[aria-labelledby='" + id.replace(/-narrow$/, "") + "-narrow-title']");
	const shown = box.width > 0;
	if (id.endsWith("-narrow"))
		return [];
	const other = twin && twin.getBoundingClientRect(), room = document.documentElement.clientWidth;
	if (other && shown === other.width > 0)
		return [id + ": " + (shown ? "both drawings" : "no drawing")];
	const seen = shown ? box : other;
	return !seen || (seen.left >= 0 && seen.right <= room) ? [] : [id + " ends at " + seen.right + " of " + room + " px"];
}));

async function narrow(browser, name) {
	const tab = await open(browser, page(name), { viewport: { width: 1440, height: 900 } });
	await unfold(tab);
	for (const width of [1440, 390, 320]) {
		await tab.setViewportSize({ width, height: 740 });
		report(name + ": " + width + " px without scrolling sideways", await cut(tab));
		report(name + ": " + width + " px: charts are whole", await drawings(tab));
	}
	await tab.context().close();
}

async function scriptless(browser, name) {
	const tab = await open(browser, page(name), { javaScriptEnabled: false });
	report(name + ": complete without scripts", (await saysAll(tab, name))
		.concat(unless(await tab.locator("button").count() === 0, "a button that does nothing")));
	await tab.context().close();
	const active = await open(browser, page(name), {});
	report(name + ": with scripts every command can be copied", unless(
		await active.locator("pre").count() === await active.locator("pre button").count(), "a block without a button"));
	await active.context().close();
}

/* The nearest number of a chart, by keyboard and by pointer; every word of it stands in the page without scripts, too. */
async function readOut(browser, name) {
	const tab = await open(browser, page(name), { viewport: { width: 1280, height: 900 } });
	const without = await textOf(tab);
	for (const id of ["map", "headroom", "time", "history"]) {
		const frame = tab.locator(".wide:has(#" + id + "-title), .scroll:has(#" + id + "-title)").first();
		if (await frame.count() === 0)
			continue;
		const said = () => frame.evaluate((node) => node.parentNode.querySelector(".said").textContent);
		await frame.focus();
		const heard = [];
		for (const key of ["ArrowRight", "ArrowRight", "ArrowDown"]) {
			await tab.keyboard.press(key);
			heard.push(await said());
		}
		report(name + ": " + id + ": the arrow keys read out", unless(new Set(heard).size === (["headroom"].includes(id) ? 2 : 3) || new Set(heard).size === 3, heard.join(" | ")));
		if (id === "time" || id === "history") {
			report(name + ": " + id + ": the keys read out its numbers", unless(heard.every((text) => text.split(", ").length > 2 &&
				text.split(", ").every((part) => squeeze(without).includes(squeeze(part.split(" ").pop())))), heard.join(" | ")));
			continue;
		}
		const place = await frame.locator("svg text").nth(id === "map" ? 3 : 2).boundingBox();
		await tab.mouse.move(place.x + place.width / 2, place.y + place.height / 2);
		const pointed = await said();
		const shown = await frame.locator("svg text").nth(id === "map" ? 3 : 2).textContent();
		report(name + ": " + id + ": the pointer reads out", unless(pointed.includes(shown.trim()), pointed + ", not " + shown));
		report(name + ": " + id + ": what is read out is in the page", unless(pointed.split(/, | connections at |: /)
			.every((part) => squeeze(without).includes(squeeze(part))), pointed));
	}
	report(name + ": reading out says nothing wrong", await quiet(tab));
	await tab.context().close();
}

/* As Jenkins serves it: neither scripts nor styles. Colors come from the drawings' own attributes. */
async function styleless(browser, name, policy, title) {
	const tab = await open(browser, page(name), {}, policy);
	const found = await saysAll(tab, name);
	const seen = await tab.evaluate(() => {
		const parts = Array.from(document.querySelectorAll("svg.chart"));
		const colored = parts.filter((svg) => Array.from(svg.querySelectorAll("*")).some((part) => {
			const style = getComputedStyle(part);
			return [style.fill, style.stroke].some((paint) => !["none", "rgb(0, 0, 0)", "rgb(255, 255, 255)"].includes(paint));
		}));
		const badge = document.querySelector(".badge rect");
		return { charts: parts.length, colored: colored.length, styled: getComputedStyle(document.body).maxWidth !== "none",
			badge: badge ? getComputedStyle(badge).fill : "", small: parts.some((svg) => !svg.closest("[hidden]") && svg.getBoundingClientRect().height < 20) };
	});
	report(name + ": " + title, found
		.concat(unless(!seen.styled, "the style sheet was applied: the header is not in force"))
		.concat(unless(seen.charts > 0 && seen.colored === seen.charts, seen.colored + " of " + seen.charts + " charts in color"))
		.concat(unless(!seen.small, "a chart without a size"))
		.concat(unless(documentOf(name).verdict === "none" || seen.badge !== "rgb(0, 0, 0)", "the badge has no color")));
	await tab.context().close();
}

async function printed(browser, name) {
	const tab = await open(browser, page(name), { javaScriptEnabled: false, colorScheme: "dark" });
	await tab.emulateMedia({ media: "print", colorScheme: "dark" });
	const found = await tab.evaluate(() => {
		const hidden = Array.from(document.querySelectorAll("details pre")).filter((part) => !part.getBoundingClientRect().height);
		return { ground: getComputedStyle(document.documentElement).colorScheme, hidden: hidden.length,
			ink: getComputedStyle(document.body).color };
	});
	report(name + ": printed light and unfolded, without scripts", unless(found.hidden === 0, found.hidden + " folded commands")
		.concat(unless(found.ground === "light", found.ground)).concat(unless(found.ink === "rgb(27, 31, 36)", found.ink)));
	await tab.context().close();
}

/* --- payloads ------------------------------------------------------------------------------------ */

async function hostile(browser, name) {
	const tab = await open(browser, page(name), {});
	const found = await quiet(tab);
	const odd = await tab.evaluate(() => {
		const all = Array.from(document.querySelectorAll("*"));
		return all.filter((node) => Array.from(node.attributes).some((attribute) => /^on|^style$|^srcdoc$/i.test(attribute.name)))
			.concat(Array.from(document.querySelectorAll("iframe, object, embed, base, form, svg script, body link, " +
				"img:not([src^='data:image/png;base64,'])")))
			.concat(Array.from(document.querySelectorAll("a[href]")).filter((link) => !/^(#|https:\/\/)/.test(link.getAttribute("href"))))
			.concat(document.scripts.length === 2 ? [] : [document.body]).map((node) => node.outerHTML.slice(0, 200));
	});
	report(name + ": nothing of the host became markup", found.concat(odd));
	await tab.context().close();
}

/* Should markup ever slip in, the policy stops it. Each payload asks for /stolen or calls alert. */
const payloads = {
	"inline script": "<script>alert(1)</script>",
	"handler": "<p id=\"x\" onclick=\"alert(1)\">x</p>",
	"image handler": "<img src=\"data:image/png;base64,AAAA\" onerror=\"alert(1)\">",
	"remote image": "<img src=\"/stolen.png\">",
	"style attribute": "<p id=\"x\" style=\"background:url(/stolen.css.png)\">x</p>",
	"style element": "<style>body{background:url(/stolen.style.png);color:rgb(1,2,3)}</style>",
	"style sheet": "<link rel=\"stylesheet\" href=\"/stolen.css\">",
	"remote script": "<script src=\"/stolen.js\"></script>",
	"frame": "<iframe src=\"/stolen.html\"></iframe>",
	"frame with content": "<iframe srcdoc=\"&lt;script&gt;parent.alert(1)&lt;/script&gt;\"></iframe>",
	"base": "<base href=\"/stolen/\">",
	"javascript address": "<a id=\"x\" href=\"javascript:alert(1)\">x</a>",
	"form": "<form id=\"f\" action=\"/stolen.form\"><button id=\"x\">x</button></form>",
	"object": "<object data=\"/stolen.object\"></object>",
	"svg script": "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
	"font": "<p id=\"x\" style=\"font-family:y\">x</p><style>@font-face{font-family:y;src:url(/stolen.woff)}</style>",
};

async function policy(browser, name) {
	for (const [title, payload] of Object.entries(payloads)) {
		asked.length = 0;
		const tab = await open(browser, page(name).replace("<main", payload + "<main"), {});
		if (payload.includes("id=\"x\""))
			await tab.evaluate(() => document.querySelector("#x").click());
		await tab.waitForTimeout(150);
		const seen = await tab.evaluate(() => ({ color: getComputedStyle(document.body).color, base: document.baseURI }))
			.catch((error) => ({ color: "", base: String(error) }));
		report("policy: " + title + " is blocked", tab.dialogs.map((text) => "dialog " + text)
			.concat(asked.filter((url) => url.includes("stolen")))
			.concat(unless(seen.color !== "rgb(1, 2, 3)", "styled")).concat(unless(!seen.base.includes("stolen"), seen.base)));
		await tab.context().close();
	}
}

async function main() {
	const checked = nu();
	await lint();
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM || "/usr/bin/chromium", headless: true, timeout: 60000,
		args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
			"--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
	});
	try {
		for (const name of names) {
			await accessible(browser, name);
			await narrow(browser, name);
			if (!isAudit(name))
				continue;
			await scriptless(browser, name);
			await readOut(browser, name);
			await styleless(browser, name, jenkins, "with Jenkins' header: verdict, commands, charts in color");
			await styleless(browser, name, "style-src 'none'", "without styles");
			await printed(browser, name);
			await hostile(browser, name);
		}
		await policy(browser, names.includes("sample") ? "sample" : names[0]);
	} finally {
		await browser.close();
		server.close();
		await checked;
	}
}

main().catch((error) => report("the checks end", [error.stack])).finally(() => {
	console.log(passed + " passed, " + failed + " failed, 0 skipped");
	process.exitCode = failed ? 1 : 0;
});
