/* Sanitizers make a program several times slower. Tests that try many inputs try only one of ONE_OF
 * then, and all of them without sanitizers. */
#ifndef HEADROOM_TESTS_UNIT_SLOW_BUILD_H
#define HEADROOM_TESTS_UNIT_SLOW_BUILD_H

#ifndef __has_feature
#define __has_feature(name) 0
#endif

enum {
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
	ONE_OF = 4
#else
	ONE_OF = 1
#endif
};

#endif
