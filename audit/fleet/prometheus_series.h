/* Reads hosts from the series of a Prometheus: those of headroom facts -o prometheus, and where
 * these are missing, those of node_exporter. A setting that node_exporter does not report is never
 * taken to be absent, so its series can show that a plan fails, but never that it fits. */
#ifndef HEADROOM_AUDIT_FLEET_PROMETHEUS_SERIES_H
#define HEADROOM_AUDIT_FLEET_PROMETHEUS_SERIES_H

#include <cjson/cJSON.h>

#include "model/fact.h"
#include "probes/host/info.h"

/* How many entries of a list there should be. */
struct series_list {
	const char *key;
	double count;
};

/* Facts, and a list of every fact that was added, including those that later ones replaced. */
struct series_set {
	struct facts *facts;
	const struct fact **taken;
	size_t count, capacity;
};

struct series_host {
	const char *instance;             /* the target's name in Prometheus: "gen-001:9100" */
	struct series_set said, exported; /* from headroom, from node_exporter */
	struct series_list *lists;
	size_t list_count, list_capacity;
	double range_first, range_last; /* ephemeral ports according to node_exporter; NAN: not known */
	struct host_info info;
	double created_s;   /* when headroom read the facts; NAN: not known */
	double asked_s;     /* time of the answer */
	const char *broken; /* why the series contradict each other; NULL: they do not */
};

struct series_hosts {
	struct arena *arena;
	const char *where; /* the address, for facts that headroom has not read */
	struct series_host *items;
	size_t count;
};

void series_begin(struct series_hosts *hosts, struct series_host *host, const char *instance);
/* Takes one element of an answer's "result". Ignores series of other hosts and unknown series. */
void series_take(struct series_hosts *hosts, const cJSON *sample);

/* Returns the facts of a host as the text of a document (headroom.facts/2); free it with
 * cJSON_free(). NULL: there are no facts, or they are inconsistent (host->broken says how). */
char *series_document(struct series_hosts *hosts, struct series_host *host);

#endif
