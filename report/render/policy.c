#include "report/render/policy.h"

#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "report/render/node.h"

/* Hashes the one text node that node_set_content made; html_write writes the same bytes. */
static void add_hashes(xmlDoc *doc, const char *tag, struct text *out)
{
	xmlNode *root = xmlDocGetRootElement(doc);
	for (xmlNode *node = root; node; node = node_next(root, node)) {
		if (!node_is(node, tag) || *node_attribute(node, "type") || !node->children)
			continue;
		unsigned char digest[SHA256_BYTES];
		struct sha256 hash;
		sha256_init(&hash);
		sha256_add(&hash, node->children->content, strlen((const char *)node->children->content));
		sha256_finish(&hash, digest);
		text_add(out, " 'sha256-");
		text_add_base64(out, digest, sizeof digest);
		text_add(out, "'");
	}
}

static bool has_image(xmlDoc *doc)
{
	xmlNode *root = xmlDocGetRootElement(doc);
	for (xmlNode *node = root; node; node = node_next(root, node))
		if (node_is(node, "img"))
			return true;
	return false;
}

void policy_add(xmlDoc *doc, xmlNode *meta)
{
	struct text text = {0};
	text_add(&text, "default-src 'none'; style-src");
	add_hashes(doc, "style", &text);
	text_add(&text, "; script-src");
	add_hashes(doc, "script", &text);
	if (has_image(doc))
		text_add(&text, "; img-src data:");
	text_add(&text, "; base-uri 'none'; form-action 'none'");
	xmlSetProp(meta, (const xmlChar *)"content", (const xmlChar *)text.data);
	node_drop_attribute(meta, "data-csp");
	text_release(&text);
}
