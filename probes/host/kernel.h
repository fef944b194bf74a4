/* Values compiled into the kernel, which no file in /proc shows. */
#ifndef HEADROOM_PROBES_HOST_KERNEL_H
#define HEADROOM_PROBES_HOST_KERNEL_H

enum {
	KERNEL_TIME_WAIT_S = 60 /* TCP_TIMEWAIT_LEN, include/net/tcp.h */
};

#endif
