/* Makes the libraries that read documents end the program when memory runs out, so that their
 * allocations never fail. */
#ifndef HEADROOM_REPORT_HELPER_CHECKED_MEMORY_H
#define HEADROOM_REPORT_HELPER_CHECKED_MEMORY_H

/* For libxml2 and cJSON. Call it before using either. */
void checked_memory_use(void);

#endif
