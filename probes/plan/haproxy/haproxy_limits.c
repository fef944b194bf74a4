/* What HAProxy's sections let in together: connections, accept queues, descriptors. Sources:
 * src/limits.c (compute_ideal_maxsock(), compute_ideal_maxpipes()), src/listener.c
 * (listener_backlog()); measured with 2.6.12 (tests/live/plan_files.sh). */
#include <math.h>

#include "probes/plan/haproxy/haproxy.h"

enum {
	SOCKETS_OWN = 10,
	SOCKETS_PER_THREAD = 3
};

/* The statistics page takes no load. */
static bool takes_load(const struct haproxy_proxy *p)
{
	return p->frontend && !(p->statistics && !p->server_count && !p->uses.count);
}

double haproxy_frontends(const struct haproxy *h)
{
	double sum = 0;
	for (size_t i = 0; i < h->proxy_count; i++) {
		const struct haproxy_proxy *p = &h->proxies[i];
		if (!takes_load(p))
			continue;
		if (!(p->settings.maxconn > 0))
			return INFINITY;
		sum += p->settings.maxconn;
	}
	return sum;
}

/* listener_backlog(): its own, the frontend's, else the most connections that it takes. */
static double queue_of(const struct haproxy *h,
		const struct haproxy_proxy *p,
		const struct haproxy_bind *bind)
{
	const double in_order[] = {bind->backlog,
			p->settings.backlog,
			bind->maxconn,
			p->settings.maxconn,
			h->maxconn};
	for (size_t i = 0; i < sizeof in_order / sizeof *in_order; i++)
		if (in_order[i] > 0)
			return in_order[i];
	return NAN;
}

double haproxy_backlog(const struct haproxy *h, const char **ret_from)
{
	double least = NAN;
	for (size_t i = 0; i < h->proxy_count; i++) {
		const struct haproxy_proxy *p = &h->proxies[i];
		for (size_t j = 0; takes_load(p) && j < p->bind_count; j++) {
			double backlog = queue_of(h, p, &p->binds[j]);
			if (isnan(backlog) || least <= backlog)
				continue;
			least = backlog;
			*ret_from = p->binds[j].where;
		}
	}
	return least;
}

void haproxy_find_streams(struct haproxy *h)
{
	double used = plan_given(h->context, W_STREAMS);
	if (used >= 1)
		h->streams = fmin(h->streams, used);
	for (size_t i = 0; i < h->proxy_count; i++) {
		const struct haproxy_proxy *p = &h->proxies[i];
		bool loads = takes_load(p) && p->settings.http && h->streams > 1;
		for (size_t j = 0; loads && j < p->bind_count; j++)
			if (p->binds[j].http2)
				h->streams_from = p->binds[j].where;
	}
}

bool haproxy_splices(const struct haproxy *h)
{
	for (size_t i = 0; i < h->proxy_count; i++)
		if (h->proxies[i].settings.splices)
			return true;
	return false;
}

static double bound_sockets(const struct haproxy *h)
{
	double sockets = h->sockets;
	for (size_t i = 0; i < h->proxy_count; i++)
		for (size_t j = 0; j < h->proxies[i].bind_count; j++)
			sockets += h->proxies[i].binds[j].sockets;
	return sockets;
}

double haproxy_own_descriptors(const struct haproxy *h,
		double live,
		double threads,
		const char **ret_from)
{
	double pipes = 0, peers = 0, sockets = bound_sockets(h);
	const char *more = "";
	if (haproxy_splices(h))
		pipes = floor(live / 4);
	if (haproxy_splices(h) && !isnan(h->maxpipes))
		pipes = h->maxpipes;
	if (h->peers > 0)
		peers = 3 * h->peers + 1;
	if (pipes + peers > 0)
		more = arena_printf(h->arena, " + %g for peers + %g for splicing", peers, 2 * pipes);
	*ret_from = arena_printf(h->arena,
			"10 + %g listeners + %g for checks + %g for the CLI + 3 × %g threads%s",
			sockets,
			h->checks,
			h->cli,
			threads,
			more);
	double own = SOCKETS_OWN + sockets + h->checks + h->cli + peers;
	return own + 2 * pipes + SOCKETS_PER_THREAD * threads;
}
