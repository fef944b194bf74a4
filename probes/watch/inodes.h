/* A set of inode numbers of sockets that grows as needed. */
#ifndef HEADROOM_PROBES_WATCH_INODES_H
#define HEADROOM_PROBES_WATCH_INODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inodes {
	uint64_t *slots; /* open addressing; 0 is free */
	size_t size, count;
};

void inodes_clear(struct inodes *inodes);
void inodes_release(struct inodes *inodes);
/* Adds a number; ignores 0, which is no inode. */
void inodes_add(struct inodes *inodes, uint64_t inode);
bool inodes_have(const struct inodes *inodes, uint64_t inode);

#endif
