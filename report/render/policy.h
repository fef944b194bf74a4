/* The page's content security policy. */
#ifndef HEADROOM_REPORT_RENDER_POLICY_H
#define HEADROOM_REPORT_RENDER_POLICY_H

#include <libxml/tree.h>

/* Makes the policy the content of this meta element, with the hashes of the page's style sheets and
 * scripts, which must not change afterwards. */
void policy_add(xmlDoc *doc, xmlNode *meta);

#endif
