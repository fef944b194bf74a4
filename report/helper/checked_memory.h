/* Allocations of the libraries that read documents never fail: without memory, the program ends. */
#ifndef HEADROOM_REPORT_HELPER_CHECKED_MEMORY_H
#define HEADROOM_REPORT_HELPER_CHECKED_MEMORY_H

/* libxml2 and cJSON. To be called before either is used. */
void checked_memory_use(void);

#endif
