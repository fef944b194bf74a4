/* Where a unit or container is, and how it is configured. For vantage.c. */
#ifndef HEADROOM_AUDIT_VANTAGE_FIND_H
#define HEADROOM_AUDIT_VANTAGE_FIND_H

#include "audit/vantage/vantage.h"

/* *ret_pid is 0 for one that does not run. Fail where there is none of this name. */
bool vantage_find_unit(struct arena *arena,
		const char *name,
		struct vantage *ret_vantage,
		int *ret_pid,
		struct error *err);
bool vantage_find_container(struct arena *arena,
		const char *name,
		struct vantage *ret_vantage,
		int *ret_pid,
		struct error *err);

void vantage_list_add(struct arena *arena, struct name_list *list, const char *item);

#endif
