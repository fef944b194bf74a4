/* Arrays whose size the compiler knows. */
#ifndef HEADROOM_BASE_ARRAY_H
#define HEADROOM_BASE_ARRAY_H

/* The number of elements. For an array only: a pointer gives a wrong number (gcc warns of it). */
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
