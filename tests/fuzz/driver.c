/* A main() for the fuzz harnesses without libFuzzer: runs LLVMFuzzerTestOneInput over the files and
 * directories given, and with -smoke N over N mutations of them, the same ones every time.
 * It does not look for coverage; libFuzzer does (make fuzz). */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	INPUT_MAX = 1 << 20,
	SEEDS_MAX = 4096
};

struct seed {
	uint8_t *bytes;
	size_t size;
};

struct corpus {
	struct seed seeds[SEEDS_MAX];
	size_t count;
	uint32_t random;
};

/* Numerical Recipes' linear congruential generator: fixed, so that a failure repeats. */
static uint32_t next(struct corpus *corpus, uint32_t bound)
{
	corpus->random = corpus->random * 1664525u + 1013904223u;
	return bound ? (corpus->random >> 8) % bound : 0;
}

static void *must_alloc(size_t size)
{
	void *memory = malloc(size);
	if (!memory)
		exit(1);
	return memory;
}

static int add_file(struct corpus *corpus, const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file || corpus->count == SEEDS_MAX) {
		if (file)
			(void)fclose(file);
		(void)fprintf(stderr, "cannot take %s\n", path);
		return 1;
	}
	struct seed *seed = &corpus->seeds[corpus->count];
	seed->bytes = must_alloc(INPUT_MAX);
	seed->size = fread(seed->bytes, 1, INPUT_MAX, file);
	(void)fclose(file);
	uint8_t *exact = must_alloc(seed->size + 1);
	memcpy(exact, seed->bytes, seed->size);
	free(seed->bytes);
	seed->bytes = exact;
	corpus->count++;
	return 0;
}

static int add_path(struct corpus *corpus, const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort), failed = 0;
	if (count < 0)
		return add_file(corpus, path);
	for (int i = 0; i < count; i++) {
		char inner[4096];
		int length = snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.' && length > 0 && length < (int)sizeof inner)
			failed |= add_path(corpus, inner);
		free(entries[i]);
	}
	free(entries);
	return failed;
}

/* An exact allocation per run: the sanitizer then sees a read past the end. */
static void run(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = must_alloc(size ? size : 1);
	memcpy(copy, bytes, size);
	(void)LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

/* Puts `more` bytes into the buffer at `at`, as far as there is room. */
static size_t insert(uint8_t *buffer, size_t size, size_t at, const uint8_t *bytes, size_t more)
{
	if (size + more > INPUT_MAX)
		return size;
	memmove(buffer + at + more, buffer + at, size - at);
	memcpy(buffer + at, bytes, more);
	return size + more;
}

static size_t mutate(struct corpus *corpus, uint8_t *buffer, size_t size)
{
	static const char *const words[] = {
			"(",
			")",
			"-",
			"\"",
			"{",
			"}",
			"[",
			"]",
			",",
			":",
			"null",
			"9007199254740993",
			"1e999",
			"\xff",
			"\xe2\x88\x92",
			"/s",
			"%",
			"if(",
			"''",
			"\\u0000",
			" ",
			"0",
	};
	size_t at = next(corpus, (uint32_t)size + 1);
	const struct seed *other = &corpus->seeds[next(corpus, (uint32_t)corpus->count)];
	size_t from = next(corpus, (uint32_t)other->size + 1), length = next(corpus, 32);
	switch (next(corpus, 5)) {
	case 0: /* a bit */
		if (at < size)
			buffer[at] = (uint8_t)(buffer[at] ^ 1u << next(corpus, 8));
		return size;
	case 1: /* a word of the languages */
		from = next(corpus, sizeof words / sizeof *words);
		return insert(buffer, size, at, (const uint8_t *)words[from], strlen(words[from]));
	case 2: /* a piece of another seed */
		length = length < other->size - from ? length : other->size - from;
		return insert(buffer, size, at, other->bytes + from, length);
	case 3: /* a cut */
		length = length < size - at ? length : size - at;
		memmove(buffer + at, buffer + at + length, size - at - length);
		return size - length;
	default: /* any byte */
		if (at < size)
			buffer[at] = (uint8_t)next(corpus, 256);
		return size;
	}
}

static void smoke(struct corpus *corpus, long runs)
{
	uint8_t *buffer = must_alloc(INPUT_MAX);
	for (long i = 0; i < runs; i++) {
		const struct seed *seed = &corpus->seeds[next(corpus, (uint32_t)corpus->count)];
		size_t size = seed->size;
		memcpy(buffer, seed->bytes, size);
		for (uint32_t left = 1 + next(corpus, 6); left; left--)
			size = mutate(corpus, buffer, size);
		run(buffer, size);
	}
	free(buffer);
}

int main(int argc, char **argv)
{
	struct corpus *corpus = must_alloc(sizeof *corpus);
	long runs = 0;
	int failed = 0;
	corpus->count = 0;
	corpus->random = 20240229;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-smoke") == 0 && i + 1 < argc)
			runs = strtol(argv[++i], NULL, 10);
		else
			failed |= add_path(corpus, argv[i]);
	}
	for (size_t i = 0; i < corpus->count; i++)
		run(corpus->seeds[i].bytes, corpus->seeds[i].size);
	if (corpus->count)
		smoke(corpus, runs);
	(void)fprintf(stderr, "%zu inputs, %ld mutations\n", corpus->count, corpus->count ? runs : 0);
	failed |= corpus->count == 0;
	for (size_t i = 0; i < corpus->count; i++)
		free(corpus->seeds[i].bytes);
	free(corpus);
	return failed;
}
