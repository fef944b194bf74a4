/* The arena: a list of blocks, freed together. */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The first block is small, since many arenas hold little; the others double up to the large size.
 */
enum {
	FIRST_BYTES = 4 * 1024,
	BLOCK_BYTES = 64 * 1024,
	ALIGNMENT = 16
};

struct block {
	struct block *next;
	size_t used, size;
	_Alignas(ALIGNMENT) unsigned char bytes[];
};

struct arena {
	struct block *blocks;
};

static struct block *block_new(size_t size)
{
	struct block *block = memory_new(sizeof *block + size);
	block->size = size;
	return block;
}

struct arena *arena_new(void)
{
	return memory_new(sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	for (struct block *block = arena->blocks, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	free(arena);
}

void *arena_alloc(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX / 4)
		memory_exhausted();
	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	struct block *block = arena->blocks;
	if (!block || block->size - block->used < size) {
		size_t usual = block ? block->size * 2 : FIRST_BYTES;
		if (usual > BLOCK_BYTES)
			usual = BLOCK_BYTES;
		block = block_new(size > usual ? size : usual);
		/* A large block goes behind the current one, which may still have room. */
		if (size > BLOCK_BYTES && arena->blocks) {
			block->next = arena->blocks->next;
			arena->blocks->next = block;
		} else {
			block->next = arena->blocks;
			arena->blocks = block;
		}
	}
	void *memory = block->bytes + block->used;
	block->used += size;
	return memory;
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);
	if (length)
		memcpy(copy, text, length);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_copy(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	char short_text[256]; /* most texts are: printed once */
	va_copy(again, args);
	int length = vsnprintf(short_text, sizeof short_text, format, args);
	if (length < 0)
		length = 0;
	char *text = arena_alloc(arena, (size_t)length + 1);
	if ((size_t)length < sizeof short_text)
		memcpy(text, short_text, (size_t)length);
	else
		(void)vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return items;
	size_t wanted = *capacity ? *capacity * 2 : 16;
	if (wanted > SIZE_MAX / 4 / size)
		memory_exhausted();
	void *grown = arena_alloc(arena, wanted * size);
	if (count)
		memcpy(grown, items, count * size);
	*capacity = wanted;
	return grown;
}
