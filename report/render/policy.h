/* The page's content security policy. */
#ifndef HEADROOM_REPORT_RENDER_POLICY_H
#define HEADROOM_REPORT_RENDER_POLICY_H

#include <libxml/tree.h>

/* Sets the policy as the content of this meta element, with the hashes of the style sheets and
 * scripts of the page. They must not change afterwards. */
void policy_add(xmlDoc *doc, xmlNode *meta);

#endif
