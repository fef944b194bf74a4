/* Reads the rules of legacy iptables, which nftables does not show. */
#ifndef HEADROOM_PROBES_HOST_FIREWALL_LEGACY_H
#define HEADROOM_PROBES_HOST_FIREWALL_LEGACY_H

#include <cjson/cJSON.h>
#include <stdbool.h>

/* Appends the rules of a table in use to `list`, in the form of nft_read(). Returns 0 or an errno:
 * EPERM without CAP_NET_ADMIN. */
int legacy_read(cJSON *list, bool ipv6, const char *table);

#endif
