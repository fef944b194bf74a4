/* The kernel chooses the socket by a hash of addresses and ports, however full its queue is
 * (reuseport_select_sock() in net/core/sock_reuseport.c). So of a burst of B each of n sockets gets
 * a binomial share, and the fullest one decides.
 *
 * The chance that a share exceeds `room` is at most exp(-B * D(k / B, 1 / n)) with k = room + 1
 * (Chernoff's bound; D is the relative entropy), and for any of n sockets at most n times that. */
#include "model/queues/spread.h"

#include <math.h>

static const double one_in_a_million = 1e-6;

/* D(a, p) in nats, for p < a <= 1. */
static double relative_entropy(double a, double p)
{
	double entropy = a * log(a / p);
	if (a < 1)
		entropy += (1 - a) * log((1 - a) / (1 - p));
	return entropy;
}

static int fits(double burst, double sockets, double room)
{
	double share = (room + 1) / burst, fair = 1 / sockets;
	if (burst <= room)
		return 1;
	if (share <= fair)
		return 0;
	double logarithm = log(sockets) - burst * relative_entropy(share, fair);
	return logarithm <= log(one_in_a_million);
}

double spread_at_worst(double sockets, double room)
{
	double low = room, high = room * sockets + 1;
	if (sockets <= 1 || !(room > 0) || isinf(room))
		return room;
	while (high - low > 1) {
		double middle = floor((low + high) / 2);
		if (fits(middle, sockets, room))
			low = middle;
		else
			high = middle;
	}
	return low;
}
