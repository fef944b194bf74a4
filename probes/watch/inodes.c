/* Open addressing, at most half full. */
#include "probes/watch/inodes.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
	FIRST_SIZE = 256
};

static size_t inode_slot(const struct inodes *inodes, uint64_t inode)
{
	/* Spreads numbers that follow each other: Knuth, The Art of Computer Programming, 6.4. */
	const uint64_t mixed = inode * UINT64_C(0x9E3779B97F4A7C15);
	size_t mask = inodes->size - 1;
	size_t i = (size_t)(mixed >> 32) & mask;
	while (inodes->slots[i] && inodes->slots[i] != inode)
		i = (i + 1) & mask;
	return i;
}

static void inodes_grow(struct inodes *inodes)
{
	struct inodes grown = {.size = FIRST_SIZE};
	if (inodes->size)
		grown.size = inodes->size * 2;
	grown.slots = memory_new(grown.size * sizeof *grown.slots);
	for (size_t i = 0; i < inodes->size; i++) {
		if (inodes->slots[i])
			inodes_add(&grown, inodes->slots[i]);
	}
	free(inodes->slots);
	*inodes = grown;
}

void inodes_add(struct inodes *inodes, uint64_t inode)
{
	if (!inode)
		return;
	if ((inodes->count + 1) * 2 > inodes->size)
		inodes_grow(inodes);
	size_t i = inode_slot(inodes, inode);
	inodes->count += inodes->slots[i] == 0;
	inodes->slots[i] = inode;
}

bool inodes_have(const struct inodes *inodes, uint64_t inode)
{
	if (!inode || !inodes->size)
		return false;
	return inodes->slots[inode_slot(inodes, inode)] != 0;
}

void inodes_clear(struct inodes *inodes)
{
	if (inodes->size)
		memset(inodes->slots, 0, inodes->size * sizeof *inodes->slots);
	inodes->count = 0;
}

void inodes_release(struct inodes *inodes)
{
	free(inodes->slots);
	*inodes = (struct inodes){.slots = NULL};
}
