/* In headroom-helper and headroom-import no allocation fails, whichever library makes it. cairo,
 * pango and HarfBuzz go on without the memory that they asked for, and then lose glyphs or draw
 * them in the wrong place: a report would be wrong without a word. The C library asks for malloc(3)
 * by name, so that a program may bring its own; this one is the C library's, but ends where that
 * has none. With another C library, and under a sanitizer, which bring their own, nothing is
 * replaced. */
#include <stdlib.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAS_OWN_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_OWN_MEMORY 1
#endif
#endif

#if defined(__GLIBC__) && !defined(HAS_OWN_MEMORY)

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

/* At once: locks of libraries may be held, so nothing of theirs may run any more. */
static _Noreturn void end_without_memory(void)
{
	static const char text[] = "headroom: out of memory\n";
	(void)!write(STDERR_FILENO, text, sizeof text - 1);
	_exit(EXIT_FAILURE);
}

void *malloc(size_t size)
{
	void *memory = __libc_malloc(size);
	if (!memory)
		end_without_memory();
	return memory;
}

void *calloc(size_t count, size_t size)
{
	void *memory = __libc_calloc(count, size);
	if (!memory)
		end_without_memory();
	return memory;
}

/* A size of 0 gives the memory back, and then NULL is no failure. */
void *realloc(void *memory, size_t size)
{
	void *resized = __libc_realloc(memory, size);
	if (!resized && size > 0)
		end_without_memory();
	return resized;
}

#endif
