/* Entry points and working directories of images, as their Dockerfiles say (read in November 2026).
 * The images that a tool's reader or rule names need a row here only for their directory. */
#include "probes/plan/command/images.h"

#include <string.h>

#include "base/array.h"
#include "probes/plan/data/data.h"
#include "probes/plan/readers.h"

static const struct {
	const char *image;
	const char *program;   /* NULL: as the reader says */
	const char *directory; /* NULL: not known, or another one in each version */
} images[] = {
		{
				.image = "grafana/k6",
				.program = "k6",
				.directory = "/home/k6",
		},
		{
				.image = "locustio/locust",
				.program = "locust",
				.directory = "/home/locust",
		},
		{
				.image = "artilleryio/artillery",
				.program = "artillery",
				.directory = "/home/node/artillery",
		},
		{
				.image = "williamyeh/wrk",
				.program = "wrk",
				.directory = "/data",
		},
		{
				.image = "peter-evans/vegeta",
				.program = "vegeta",
				.directory = "/",
		},
		{
				.image = "peterevans/vegeta",
				.program = "vegeta",
				.directory = "/",
		},
		{
				.image = "fortio/fortio",
				.program = "fortio",
				.directory = "/var/lib/fortio",
		},
		{
				.image = "blazemeter/taurus",
				.program = "bzt",
				.directory = "/bzt-configs",
		},
		{
				.image = "vllm/vllm-openai",
				.program = "vllm",
		},
		{
				.image = "lmsysorg/sglang",
				.directory = "/sgl-workspace",
		},
		{
				.image = "rcmorano/hey",
				.program = "hey",
		},
		{
				.image = "alpine/bombardier",
				.program = "bombardier",
		},
		{
				.image = "nginx",
				.program = "nginx",
				.directory = "/",
		},
};

/* "wrk" of "ghcr.io/acme/wrk:4.2@sha256:…" */
static const char *last_name(struct arena *arena, const char *image)
{
	const char *slash = strrchr(image, '/');
	if (slash)
		image = slash + 1;
	return arena_copy(arena, image, strcspn(image, ":@"));
}

/* "bombardier" of "my-bombardier"; NULL: the name has one part. */
static const char *last_part(const char *name)
{
	const char *dash = strrchr(name, '-');
	const char *line = strrchr(name, '_');
	if (!dash || (line && line > dash))
		dash = line;
	if (!dash)
		return NULL;
	return dash + 1;
}

static bool knows_client(const struct plan_context *context, const char *name)
{
	const char *words[] = {name, NULL};
	const struct plan_command command = {.words = words, .count = 1};
	return plan_knows(context, &command) && !plan_serves(context, &command);
}

const char *image_program(const struct plan_context *context,
		const char *image,
		const char *first_word,
		bool *ret_by_name)
{
	*ret_by_name = false;
	const char *program = plan_program_of_image(context, image);
	for (size_t i = 0; !program && i < COUNT_OF(images); i++) {
		if (data_is_image(image, images[i].image))
			program = images[i].program;
	}
	if (program)
		return program;
	const char *words[] = {last_name(context->arena, image), NULL};
	const struct plan_command command = {.words = words, .count = 1};
	*ret_by_name = plan_knows(context, &command);
	if (*ret_by_name)
		return words[0];
	const char *part = last_part(words[0]);
	bool arguments = !first_word || *first_word == '-' || strstr(first_word, "://");
	*ret_by_name = part && arguments && knows_client(context, part);
	if (*ret_by_name)
		return part;
	return NULL;
}

const char *image_directory(const char *image)
{
	for (size_t i = 0; i < COUNT_OF(images); i++)
		if (data_is_image(image, images[i].image))
			return images[i].directory;
	return NULL;
}
