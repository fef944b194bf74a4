/* What all forms are made with. */
#include "model/layer/form_make.h"

void form_clear(struct fix_form *form)
{
	const struct fix_form empty = {
			.layer = form->layer,
			.note = form->note,
			.restart = form->restart,
			.shared_with = form->shared_with,
	};
	*form = empty;
}

void form_add_file(struct fix_form *form, const char *kind, const char *path, const char *text)
{
	if (form->file_count < FORM_FILES_MAX)
		form->files[form->file_count++] = (struct form_file){kind, path, text};
}

void form_note(struct arena *arena, struct fix_form *form, const char *sentence)
{
	if (!sentence)
		return;
	if (form->note)
		form->note = arena_printf(arena, "%s %s", form->note, sentence);
	else
		form->note = sentence;
}
