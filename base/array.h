/* Arrays whose size the compiler knows. */
#ifndef HEADROOM_BASE_ARRAY_H
#define HEADROOM_BASE_ARRAY_H

/* The number of elements. Only for arrays: for a pointer it would be wrong (gcc warns). */
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
