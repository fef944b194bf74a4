/* The arena: a list of blocks, freed together. Memory is taken from the first block of the list. */
#include "base/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The first block is small, since many arenas hold little. Each further block is twice as large as
 * the one before, up to BLOCK_BYTES. */
enum {
	FIRST_BYTES = 4 * 1024,
	BLOCK_BYTES = 64 * 1024,
	ALIGNMENT = 16,
	FIRST_ITEMS = 16
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
	struct block *block = memory_get(sizeof *block + size);
	*block = (struct block){.size = size};
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

static size_t round_up(size_t size)
{
	return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static size_t usual_block_size(const struct arena *arena)
{
	if (!arena->blocks)
		return FIRST_BYTES;
	size_t doubled = arena->blocks->size * 2;
	if (doubled > BLOCK_BYTES)
		return BLOCK_BYTES;
	return doubled;
}

/* A new block with room for `size` bytes. */
static struct block *arena_add_block(struct arena *arena, size_t size)
{
	size_t block_size = usual_block_size(arena);
	if (block_size < size)
		block_size = size;
	struct block *block = block_new(block_size);
	struct block *first = arena->blocks;
	if (first && size > BLOCK_BYTES) {
		/* It is full at once, while the first block may still have room. */
		block->next = first->next;
		first->next = block;
	} else {
		block->next = first;
		arena->blocks = block;
	}
	return block;
}

static bool has_room(const struct block *block, size_t size)
{
	assert(block->used <= block->size);
	return block->size - block->used >= size;
}

/* Memory with whatever was in it: cleared where it is handed out, since most blocks are not used
 * up. */
static void *take_memory(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX / 4)
		memory_exhausted();
	size = round_up(size);
	struct block *block = arena->blocks;
	if (!block || !has_room(block, size))
		block = arena_add_block(arena, size);
	void *memory = block->bytes + block->used;
	block->used += size;
	return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	void *memory = take_memory(arena, size);
	memset(memory, 0, size);
	return memory;
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
	char *copy = take_memory(arena, length + 1);
	if (length)
		memcpy(copy, text, length);
	copy[length] = '\0';
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
	char *text = take_memory(arena, (size_t)length + 1);
	if ((size_t)length < sizeof short_text)
		memcpy(text, short_text, (size_t)length);
	else
		(void)vsnprintf(text, (size_t)length + 1, format, again);
	text[length] = '\0';
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
	assert(count == *capacity && size > 0);
	size_t wanted = *capacity * 2;
	if (!wanted)
		wanted = FIRST_ITEMS;
	if (wanted > SIZE_MAX / 4 / size)
		memory_exhausted();
	void *grown = arena_alloc(arena, wanted * size);
	if (count)
		memcpy(grown, items, count * size);
	*capacity = wanted;
	return grown;
}
