/* kube-proxy, which sets the size of the connection tracking table when it starts. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_KUBE_PROXY_H
#define HEADROOM_PROBES_HOST_PROCESSES_KUBE_PROXY_H

#include "probes/host/probing.h"

/* Puts boot.kube_proxy.conntrack_max. A snapshot keeps only the relevant options of its command
 * line. */
void kube_proxy_found(struct probing *probing, int pid);

#endif
