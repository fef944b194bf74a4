/* What the kernel is compiled with: values that no file of /proc shows. */
#ifndef HEADROOM_PROBES_HOST_KERNEL_H
#define HEADROOM_PROBES_HOST_KERNEL_H

enum {
	KERNEL_TIME_WAIT_S = 60 /* TCP_TIMEWAIT_LEN, include/net/tcp.h */
};

#endif
